"""Listening on an address: the data listener and the admin listener."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final

from aiohttp import web

from gateway.http.accepting import Accepting
from gateway.http.connection import Handler, Server
from gateway.http.tls import ListenerTls
from gateway.settings import split_address

_SHUTDOWN_SECONDS: Final = 30.0


class Listener:
    """A server on its address. `port` is the one it has."""

    def __init__(self, runner: web.ServerRunner, accepting: Accepting, port: int) -> None:
        self._runner: Final = runner
        self._accepting: Final = accepting
        self.port: Final = port

    async def close(self) -> None:
        """Take no more connections, and finish what those there are have begun."""
        self._accepting.close()
        await self._runner.cleanup()


async def listen(
    handler: Handler, turned_away: Callable[[str], None], address: str, tls: ListenerTls | None
) -> Listener:
    """Serve on `address` (port 0: a free one), until the caller closes it.

    `turned_away` is told of what never became a request (`connection.Server`). Raises `OSError`
    where the address cannot be had.
    """
    host, port = split_address(address, "listen")
    sockets = await _sockets(host, port)
    server = Server(handler, turned_away)
    runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    accepting = Accepting(server, sockets, tls.context if tls else None)
    return Listener(runner, accepting, int(sockets[0].getsockname()[1]))


async def _sockets(host: str, port: int) -> list[socket.socket]:
    """One bound socket for each address that `host` has."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return [
        socket.create_server(address[:2], family=family, dualstack_ipv6=False)
        for family, _, _, _, address in dict.fromkeys(found)
    ]
