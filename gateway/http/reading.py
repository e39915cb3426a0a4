"""A request's body as it arrives, within its byte budget and its deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from aiohttp import HttpVersion11, web
from aiohttp.web_protocol import RequestPayloadError

from gateway.errors import BadRequest, MediaRefused, TooLarge


async def chunks(request: web.BaseRequest, *, limit: int, deadline: float) -> AsyncIterator[bytes]:
    """The body. Raises `TooLarge`, `BadRequest` or `MediaRefused`."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise MediaRefused("encoded bodies are not accepted; send the body as it is")
    if (request.content_length or 0) > limit:
        raise TooLarge(f"bodies may be up to {limit} bytes")
    await _invite(request)
    size = 0
    while chunk := await _next(request, deadline):
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"bodies may be up to {limit} bytes")
        yield chunk


async def _invite(request: web.BaseRequest) -> None:
    """Send `100 Continue` where the caller waits for it (RFC 9110 §10.1.1)."""
    if "Expect" in request.headers and request.version == HttpVersion11 and request.can_read_body:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the reply proper has not begun


async def _next(request: web.BaseRequest, deadline: float) -> bytes:
    try:
        async with asyncio.timeout(max(deadline - time.monotonic(), 0)):
            return await request.content.readany()
    except TimeoutError as error:
        raise BadRequest("the body did not arrive within the deadline") from error
    except (RequestPayloadError, ConnectionError) as error:
        raise BadRequest("the body ended early or is framed wrongly") from error
