"""A server that plays the recipient abroad and remembers what reached it.

`python -m gateway.demo.sink [PORT [HOST]]` runs one that prints what it gets, on loopback by
default.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web
from multidict import CIMultiDictProxy

DEFAULT_PORT = 9000


@dataclass(slots=True)
class Sink:
    """What the recipient received: (path, body) in order of arrival, and the headers of each."""

    received: list[tuple[str, bytes]] = field(default_factory=list)
    heads: list[CIMultiDictProxy[str]] = field(default_factory=list)
    port: int = 0


@asynccontextmanager
async def running_sink(
    port: int = 0, host: str = "127.0.0.1", *, echo: bool = False
) -> AsyncIterator[Sink]:
    """Listen, by default on loopback and a free port; with `echo`, print what arrives."""
    sink = Sink()

    async def receive(request: web.BaseRequest) -> web.Response:
        body = await request.read()
        sink.received.append((request.raw_path, body))
        sink.heads.append(request.headers)
        if echo:
            print(
                f"{request.method} {request.raw_path}\n{body.decode(errors='replace')}\n",
                flush=True,
            )
        return web.json_response({"accepted": True})

    runner = web.ServerRunner(web.Server(receive, access_log=None, auto_decompress=False))
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        sink.port = int(runner.addresses[0][1])
        yield sink
    finally:
        await runner.cleanup()


async def _forever(port: int, host: str) -> None:
    async with running_sink(port, host, echo=True):
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        given = dict(zip(("port", "host"), sys.argv[1:], strict=False))
        asyncio.run(_forever(int(given.get("port", DEFAULT_PORT)), given.get("host", "127.0.0.1")))
