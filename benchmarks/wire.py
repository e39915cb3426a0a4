"""HTTP/1.1 at the least cost: a load generator and a recipient that leave the core to the proxy.

Both know exactly what they send and get, so they parse only a reply's or request's length.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from typing import Final, cast

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)
_END: Final = b"\r\n\r\n"
REPLY: Final = b'{"accepted":true}'


class Framed(asyncio.Protocol):
    """Cuts a stream into messages with a Content-Length."""

    def __init__(self) -> None:
        self.transport: asyncio.WriteTransport | None = None
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self.transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand on every message that is whole."""
        self._data += data
        while (end := self._data.find(_END)) >= 0:
            head = self._data[: end + 2]
            length = _LENGTH.search(head)
            whole = end + len(_END) + (int(length[1]) if length else 0)
            if len(self._data) < whole:
                return
            self._data = self._data[whole:]
            self.message(head)

    def message(self, head: bytes) -> None:
        """Take one message's head."""
        raise NotImplementedError


class Recipient(Framed):
    """Accepts everything."""

    _ANSWER: Final = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(REPLY), REPLY)
    )

    def message(self, head: bytes) -> None:
        """Answer 200."""
        assert self.transport is not None
        self.transport.write(self._ANSWER)


class Sender(Framed):
    """Sends the next request as soon as the last is answered, until `end`."""

    def __init__(self, requests: Iterator[bytes], end: float) -> None:
        super().__init__()
        self._requests = requests
        self._end = end
        self._sent = 0.0
        self.times: list[float] = []
        self.failed: bytes | None = None
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        super().connection_made(transport)
        self._send()

    def message(self, head: bytes) -> None:
        """Note the time; go on or stop."""
        now = time.perf_counter()
        self.times.append(now - self._sent)
        if not head.startswith(b"HTTP/1.1 200"):
            self.failed = head.partition(b"\r\n")[0]
        if self.failed is not None or now >= self._end:
            assert self.transport is not None
            self.transport.close()
        else:
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Whatever ended it, nothing more will come."""
        self.done.set_result(None)

    def _send(self) -> None:
        assert self.transport is not None
        self._sent = time.perf_counter()
        self.transport.write(next(self._requests))


async def load(port: int, requests: Iterator[bytes], in_flight: int, seconds: float) -> list[float]:
    """The time of every exchange over `in_flight` connections. Ends the run if one fails."""
    loop = asyncio.get_running_loop()
    end = time.perf_counter() + seconds
    senders = []
    for _ in range(in_flight):
        _, sender = await loop.create_connection(lambda: Sender(requests, end), "127.0.0.1", port)
        senders.append(sender)
    await asyncio.gather(*(sender.done for sender in senders))
    for sender in senders:
        if sender.failed is not None or not sender.times:
            raise SystemExit(f"the proxy on port {port} failed: {sender.failed!r}")
    return sorted(taken for sender in senders for taken in sender.times)


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A request as bytes."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body
