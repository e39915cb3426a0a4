"""Listening on an address: the data listener and the admin listener."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from gateway.http.connection import Handler, Server
from gateway.http.tls import ListenerTls
from gateway.settings import split_address

_SHUTDOWN_SECONDS = 30.0


async def listen(
    handler: Handler, turned_away: Callable[[str], None], address: str, tls: ListenerTls | None
) -> tuple[web.BaseRunner, int]:
    """Serve on `address` (port 0: a free one); the caller cleans the runner up.

    `turned_away` is told of what never became a request (`connection.Server`).
    """
    host, port = split_address(address, "listen")
    runner = web.ServerRunner(Server(handler, turned_away), shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    site = web.TCPSite(runner, host, port, ssl_context=tls.context if tls else None)
    await site.start()
    return runner, int(runner.addresses[0][1])
