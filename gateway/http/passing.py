"""The recipient's reply on its way back to the caller."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

from aiohttp import ClientError, ClientResponse, web

from audit_log.errors import AuditUnavailable
from gateway.errors import UpstreamFailed, UpstreamRedirected
from gateway.http import headers, replies
from gateway.http.exchange import Exchange
from gateway.http.paths import location_within
from gateway.http.restoring import STALE, Restoring

_WHOLE_REPLY_BYTES: Final = 64 * 1024  # replies up to this size are passed back in one piece
_BODILESS: Final = frozenset({204, 304})


async def pass_back(
    exchange: Exchange,
    names: dict[str, str],
    response: ClientResponse,
    restoring: Restoring | None = None,
) -> web.StreamResponse:
    """The recipient's reply with the headers `names`, without what may not come back.

    Turned back for the caller by `restoring`, where that is given.
    """
    request, upstream = exchange.request, exchange.transfer.route.settings.upstream
    if response.status < 200:
        error = UpstreamFailed("the recipient wanted to switch protocols, which nobody asked for")
        return replies.reply(error.problem(), names)
    back = headers.returning(response.headers.items())
    location = response.headers.get("Location")
    if location is not None and 300 <= response.status < 400:
        inside = location_within(upstream, location, exchange.target.base)
        if inside is None:
            redirected = UpstreamRedirected(
                "the recipient answered with a redirect out of the route; it was not followed"
            )
            return replies.reply(redirected.problem(), names)
        back.append(("Location", inside))
    if restoring is not None:
        back = [(name, value) for name, value in back if name.lower() not in STALE]
    reply_headers = [*back, headers.VIA, *names.items()]
    if request.method == "HEAD" or response.status in _BODILESS:
        return _bodiless(request.method, response, reply_headers)
    length = response.content_length
    if length is not None and length <= _WHOLE_REPLY_BYTES:
        whole = web.Response(status=response.status, body=await _whole(response, restoring))
        _set_headers(whole, reply_headers)
        return whole
    stream = web.StreamResponse(status=response.status)
    _set_headers(stream, reply_headers)
    await stream.prepare(request)
    seconds = max(exchange.transfer.deadline - time.monotonic(), 0)
    try:
        async with asyncio.timeout(seconds):  # a caller that does not read is not waited for longer
            body = response.content.iter_any()
            async for chunk in restoring.chunks(body) if restoring else body:
                await stream.write(chunk)
            await stream.write_eof()
    except (AuditUnavailable, ClientError, ConnectionError, TimeoutError):
        # The reply has begun: only a broken connection tells the caller that it is cut short.
        if request.transport is not None:
            request.transport.abort()
    return stream


async def _whole(response: ClientResponse, restoring: Restoring | None) -> bytes:
    """A short body; as it came where its restoration cannot be put into the log."""
    body = await response.read()
    if restoring is None:
        return body
    try:
        return b"".join([chunk async for chunk in restoring.chunks(_once(body))])
    except AuditUnavailable:
        return body


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _bodiless(
    method: str, response: ClientResponse, pairs: list[tuple[str, str]]
) -> web.StreamResponse:
    """A reply without a body; to HEAD with the length that GET would have had (RFC 9110 §8.6)."""
    length = response.headers.get("Content-Length")
    if length is not None and method == "HEAD":
        pairs.append(("Content-Length", length))
    bodiless = web.StreamResponse(status=response.status)
    _set_headers(bodiless, pairs)
    return bodiless


def _set_headers(response: web.StreamResponse, pairs: list[tuple[str, str]]) -> None:
    response.headers.popall("Content-Type", None)
    for name, value in pairs:
        response.headers.add(name, value)
