"""A server that plays the recipient abroad and remembers what reached it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(slots=True)
class Sink:
    """What the recipient received: (path, body), in order of arrival."""

    received: list[tuple[str, bytes]] = field(default_factory=list)
    port: int = 0


@asynccontextmanager
async def running_sink(host: str = "127.0.0.1") -> AsyncIterator[Sink]:
    """Listen on a free port of `host`."""
    sink = Sink()

    async def receive(request: web.BaseRequest) -> web.Response:
        sink.received.append((request.raw_path, await request.read()))
        return web.json_response({"accepted": True})

    runner = web.ServerRunner(web.Server(receive, access_log=None))
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, 0)
        await site.start()
        sink.port = int(runner.addresses[0][1])
        yield sink
    finally:
        await runner.cleanup()
