"""Taking connections, at most so many at once as descriptors allow."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import ssl
from collections.abc import Sequence
from typing import Final

from gateway.http.connection import Server

_WAITING: Final = 128  # connections that the kernel keeps for a listener
_PAUSE_SECONDS: Final = 1.0  # where not even one descriptor was left


class Accepting:
    """Takes the connections of `sockets` one by one, and cuts off those too many at once.

    An event loop's own server takes all that wait before any of them is told that there are too
    many: for that moment the log would find no descriptor, and a log that cannot write is shut.
    """

    def __init__(
        self, server: Server, sockets: Sequence[socket.socket], context: ssl.SSLContext | None
    ) -> None:
        """`sockets` are bound; with `context`, connections begin with a TLS handshake."""
        self._loop: Final = asyncio.get_running_loop()
        self._server: Final = server
        self._sockets: Final = sockets
        self._context: Final = context
        self._most: Final = _most_connections()
        self._making: Final = set[asyncio.Task[None]]()
        for each in sockets:
            each.setblocking(False)
            each.listen(_WAITING)
            self._read(each)

    def close(self) -> None:
        """Take no more; connections that were taken go on."""
        for each in self._sockets:
            self._loop.remove_reader(each)
            each.close()
        for task in self._making:
            task.cancel()

    def _read(self, listening: socket.socket) -> None:
        if listening.fileno() >= 0:  # else it was closed meanwhile
            self._loop.add_reader(listening, self._take, listening)

    def _take(self, listening: socket.socket) -> None:
        try:
            connection, _ = listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # the peer has gone
        except OSError:
            self._loop.remove_reader(listening)
            self._loop.call_later(_PAUSE_SECONDS, self._read, listening)
            return
        if len(self._server.connections) + len(self._making) >= self._most:
            connection.close()
            self._server.turned_away("too-many-connections")
            return
        task = self._loop.create_task(self._make(connection))
        self._making.add(task)
        task.add_done_callback(self._making.discard)

    async def _make(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the peer has gone, or does not speak our TLS
            await self._loop.connect_accepted_socket(self._server, connection, ssl=self._context)


def _most_connections() -> int:
    """A third of the descriptors that log, ledger and the like leave.

    The other listener takes as many, and each export may need one to its recipient.
    """
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    reserve = min(128, descriptors // 2)
    return max((descriptors - reserve) // 3, 4)
