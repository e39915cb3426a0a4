"""A request's body as it arrives, without its content coding, within budget and deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from aiohttp import HttpVersion11, web
from aiohttp.web_protocol import RequestPayloadError

from gateway.codecs.encodings import coding_of, unpacker
from gateway.codecs.model import MalformedBody, UnsupportedMedia
from gateway.errors import BadRequest, MediaRefused, TooLarge


def coding(request: web.BaseRequest) -> str:
    """The body's content coding, "" for none. Raises `MediaRefused`."""
    try:
        return coding_of(",".join(request.headers.getall("Content-Encoding", [])))
    except UnsupportedMedia as error:
        raise MediaRefused(str(error)) from error


async def chunks(request: web.BaseRequest, *, limit: int, deadline: float) -> AsyncIterator[bytes]:
    """The body without its coding. Raises `TooLarge`, `BadRequest` or `MediaRefused`.

    It may have `limit` bytes with and without its coding.
    """
    unpacking = unpacker(coding(request))
    if (request.content_length or 0) > limit:
        raise TooLarge(f"bodies may be up to {limit} bytes")
    await _invite(request)
    arrived = size = 0
    try:
        while chunk := await _next(request, deadline):
            arrived += len(chunk)
            for piece in unpacking.feed(chunk):
                size += len(piece)
                if max(arrived, size) > limit:
                    raise TooLarge(f"bodies may be up to {limit} bytes")
                yield piece
                if size > arrived:  # it unfolds: let others work in between
                    await asyncio.sleep(0)
        if arrived:
            unpacking.finish()
    except MalformedBody as error:
        raise BadRequest(str(error)) from error


async def _invite(request: web.BaseRequest) -> None:
    """Send `100 Continue` where the caller waits for it (RFC 9110 §10.1.1)."""
    if "Expect" in request.headers and request.version == HttpVersion11 and request.can_read_body:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the reply proper has not begun


async def _next(request: web.BaseRequest, deadline: float) -> bytes:
    content = request.content
    if content.at_eof() and content.exception() is None:  # a small body comes with its head
        return b""
    try:
        async with asyncio.timeout(max(deadline - time.monotonic(), 0)):
            return await content.readany()
    except TimeoutError as error:
        raise BadRequest("the body did not arrive within the deadline") from error
    except (RequestPayloadError, ConnectionError) as error:
        raise BadRequest("the body ended early or is framed wrongly") from error
