"""HTTP/1.1 connections of the listeners (RFC 9112, parsed by llhttp).

What cannot be parsed is answered with a problem. The parser's own messages quote the request, so
they are neither logged nor sent back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler
from cryptography import x509

from gateway.errors import BadRequest, CannotDecide
from gateway.http import replies

IDLE_SECONDS: Final = 75.0  # between requests, and for a request's head to arrive
_LINGER_SECONDS: Final = 5.0  # for the rest of a body that was refused
_ANSWER_SECONDS: Final = 60.0  # for an answer to be taken from us
_LINE_BYTES: Final = 8190

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

log = structlog.get_logger(__name__)


class Server(web.Server):
    """Makes a `Connection` for each peer.

    `turned_away` hears the code of each request that cannot be parsed and connection too many.
    """

    def __init__(self, handler: Handler, turned_away: Callable[[str], None]) -> None:
        super().__init__(
            handler,
            auto_decompress=False,
            access_log=None,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=_LINGER_SECONDS,
            max_line_size=_LINE_BYTES,
            max_field_size=_LINE_BYTES,
        )
        self.turned_away = turned_away

    def __call__(self) -> RequestHandler:
        """A connection that was just accepted."""
        return Connection(self, loop=self._loop, **self._kwargs)


class Connection(RequestHandler):
    """One peer's connection."""

    __slots__ = ("subject",)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember whose certificate the peer showed, which TLS has verified."""
        self.subject = _subject(transport)
        super().connection_made(transport)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Write what is left of the answer, for a while: a peer that does not read is cut off."""
        stuck = self._loop.call_later(_ANSWER_SECONDS, self._cut_off)
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            stuck.cancel()

    def _cut_off(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The reply to what the parser or the handler could not take; the connection ends."""
        if request.writer.output_size > 0:
            raise ConnectionError("the reply has begun; it cannot be replaced")
        if status < 500:
            if isinstance(self._manager, Server):
                self._manager.turned_away(BadRequest.code)
            error = BadRequest(_what(exc, message))
            response = replies.reply(error.problem())
        else:
            self.log_exception("request failed", exc_info=exc)
            response = replies.reply(CannotDecide("the gateway failed; nothing was sent").problem())
        response.force_close()
        return response

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Log the kind of failure alone: its text may quote what was received."""
        error = kw.get("exc_info")
        log.error("connection failed", what=args[0], error=type(error).__name__)

    def log_debug(self, *_: Any, **__: Any) -> None:
        """Nothing: peers that leave are no news."""


def peer_subject(request: web.BaseRequest) -> x509.Name | None:
    """The subject of the client certificate that came with the connection."""
    protocol = request.protocol
    return protocol.subject if isinstance(protocol, Connection) else None


def _subject(transport: asyncio.BaseTransport) -> x509.Name | None:
    tls = transport.get_extra_info("ssl_object")
    certificate = tls.getpeercert(binary_form=True) if tls is not None else None
    return x509.load_der_x509_certificate(certificate).subject if certificate else None


def _what(error: BaseException | None, message: str | None) -> str:
    if isinstance(error, LineTooLong):
        return f"a line of the request's head is longer than {_LINE_BYTES} bytes"
    if message is not None and "PRI" in message:
        return "HTTP/2 is not spoken here; send HTTP/1.1"
    if message is not None and "HTTPS" in message:
        return "this listener speaks plain HTTP; TLS arrived"
    return "the request is not framed as RFC 9112 demands"
