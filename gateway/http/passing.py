"""The recipient's reply on its way back to the caller."""

from __future__ import annotations

from typing import Final

from aiohttp import ClientError, ClientResponse, web

from gateway.errors import UpstreamFailed, UpstreamRedirected
from gateway.http import headers, replies
from gateway.http.exchange import Exchange
from gateway.http.paths import location_within

_WHOLE_REPLY_BYTES: Final = 64 * 1024  # replies up to this size are passed back in one piece
_BODILESS: Final = frozenset({204, 304})


async def pass_back(
    exchange: Exchange, names: dict[str, str], response: ClientResponse
) -> web.StreamResponse:
    """The recipient's reply with the headers `names`, without what may not come back."""
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
    reply_headers = [*back, headers.VIA, *names.items()]
    if request.method == "HEAD" or response.status in _BODILESS:
        return _bodiless(request.method, response, reply_headers)
    length = response.content_length
    if length is not None and length <= _WHOLE_REPLY_BYTES:
        whole = web.Response(status=response.status, body=await response.read())
        _set_headers(whole, reply_headers)
        return whole
    stream = web.StreamResponse(status=response.status)
    _set_headers(stream, reply_headers)
    await stream.prepare(request)
    try:
        async for chunk in response.content.iter_any():
            await stream.write(chunk)
        await stream.write_eof()
    except (ClientError, TimeoutError):
        # The reply has begun: only a broken connection tells the caller that it is cut short.
        if request.transport is not None:
            request.transport.abort()
    return stream


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
