"""Bytes on a socket: what no well-behaved client would send, and the reply as it stands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes
    closed: bool  # whether the gateway ended the connection

    @property
    def code(self) -> str:
        """Of the problem that the reply is."""
        assert self.headers["content-type"] == "application/problem+json"
        document: dict[str, Any] = json.loads(self.body)
        return str(document["type"]).removeprefix("urn:silkgate:problem:")


async def say(port: int, raw: bytes, *, then: bytes = b"", method: str = "") -> list[Reply]:
    """Send `raw` and read one reply for each request in it; `then` goes after the first reply.

    `method` HEAD: replies have no bodies, whatever their length says.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = max(raw.count(b" HTTP/1."), 1)
    found: list[Reply] = []
    try:
        writer.write(raw)
        if then:
            found.append(await _reply(reader, method))
            writer.write(then)
        for _ in range(count):
            found.append(await _reply(reader, method))
            if found[-1].closed:
                assert await reader.read() == b""
                break
    finally:
        writer.close()
    return found


async def _reply(reader: asyncio.StreamReader, method: str) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
    code = int(status.split()[1])
    bodiless = code < 200 or code in (204, 304) or method == "HEAD"
    body = b"" if bodiless else await reader.readexactly(int(headers.get("content-length", "0")))
    closed = code >= 200 and headers.get("connection", "").lower() == "close"
    closed = closed or (status.startswith("HTTP/1.0") and headers.get("connection") != "keep-alive")
    return Reply(code, headers, body, closed or status.startswith(("HTTP/0", "HTTP/2")))


@asynccontextmanager
async def scripted(*replies: bytes, end: bool = True) -> AsyncIterator[Script]:
    """A recipient that answers whole requests with `replies` in turn (the last again and again).

    An empty reply ends the connection; so does every reply with `end`.
    """
    script = Script()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().lower().split("\r\n")
                length = next((int(x[16:]) for x in lines if x.startswith("content-length: ")), 0)
                script.requests.append(head + await reader.readexactly(length))
                reply = replies[min(len(script.requests), len(replies)) - 1]
                writer.write(reply)
                await writer.drain()
                if end or not reply:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()


class Script:
    """What reached a scripted recipient."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.port = 0
