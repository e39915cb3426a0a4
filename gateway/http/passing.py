"""The recipient's reply on its way back to the caller."""

from __future__ import annotations

from typing import Final

from aiohttp import ClientError, ClientResponse, web

from gateway.errors import UpstreamRedirected
from gateway.export.transfer import Route
from gateway.http import headers, replies
from gateway.http.paths import location_within

_WHOLE_REPLY_BYTES: Final = 64 * 1024  # replies up to this size are passed back in one piece


async def pass_back(
    request: web.BaseRequest, route: Route, names: dict[str, str], response: ClientResponse
) -> web.StreamResponse:
    """The recipient's reply with the headers `names`, without what may not come back."""
    back = headers.returning(response.headers.items())
    location = response.headers.get("Location")
    if location is not None and 300 <= response.status < 400:
        inside = location_within(route.settings.upstream, location, route.name)
        if inside is None:
            error = UpstreamRedirected(
                "the recipient answered with a redirect out of the route; it was not followed"
            )
            return replies.reply(error.problem(), names)
        back.append(("Location", inside))
    reply_headers = [*back, *names.items()]
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


def _set_headers(response: web.StreamResponse, pairs: list[tuple[str, str]]) -> None:
    response.headers.popall("Content-Type", None)
    for name, value in pairs:
        response.headers.add(name, value)
