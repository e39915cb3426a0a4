"""The processes that the proxy suite compares, one each: `python -m benchmarks.contestants KIND`.

Each prints its port and serves until its standard input closes. `recipient` answers;
`passthrough` hands on with plain aiohttp; `audited` first appends a bare entry to a durable log;
`gateway` is Silkgate, one worker, on the demonstration's configuration.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import uvloop
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log.log import AuditLog
from benchmarks.node import prepared
from benchmarks.wire import Recipient
from gateway.server import serving, take_short_turns
from gateway.streams.collection import collect_rarely

KEY: Final = "a-caller-key-made-up-for-benchmarks"
ENTRY: Final[dict[str, Any]] = {
    "kind": "export",
    "released": False,
    "caller": "shop",
    "route": "sg-fulfilment",
    "destination": "SG",
    "outcome": "allow",
    "revision": "c" * 64,
    "bytes_in": 1024,
    "records": 1,
}
Before = Callable[[], Awaitable[Any]]


@asynccontextmanager
async def recipient(root: Path, upstream: int) -> AsyncIterator[int]:
    """The server abroad."""
    del root, upstream
    server = await asyncio.get_running_loop().create_server(Recipient, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@asynccontextmanager
async def passthrough(
    root: Path, upstream: int, before: Before | None = None
) -> AsyncIterator[int]:
    """Read the request, send it on, pass the reply back."""
    del root
    url = f"http://127.0.0.1:{upstream}"
    connector = aiohttp.TCPConnector(limit=256)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:

        async def handle(request: web.BaseRequest) -> web.Response:
            body = await request.read()
            if before is not None:
                await before()
            headers = {"Content-Type": request.headers["Content-Type"]}
            async with session.post(url + request.path, data=body, headers=headers) as reply:
                content = await reply.read()
                return web.Response(
                    status=reply.status,
                    body=content,
                    headers={"Content-Type": reply.headers["Content-Type"]},
                )

        runner = web.ServerRunner(web.Server(handle, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0][1]
        await runner.cleanup()


@asynccontextmanager
async def audited(root: Path, upstream: int) -> AsyncIterator[int]:
    """A pass-through that waits for one small entry to be durable."""
    key = Ed25519PrivateKey.from_private_bytes(b"b" * 32)
    place = {"origin": "bench.example/log", "node": "node-1", "key": key, "state": root / "state"}
    AuditLog.create(root / "log", **place)  # type: ignore[arg-type]
    log = AuditLog.open(root / "log", **place)  # type: ignore[arg-type]
    async with passthrough(root, upstream, lambda: log.append([ENTRY])) as port:
        yield port
    await log.close()


@asynccontextmanager
async def gateway(root: Path, upstream: int) -> AsyncIterator[int]:
    """Silkgate."""
    take_short_turns()
    async with serving(prepared(root, upstream, KEY)) as running:
        yield running.data_port


KINDS: Final[dict[str, Callable[[Path, int], AbstractAsyncContextManager[int]]]] = {
    each.__name__: each for each in (recipient, passthrough, audited, gateway)
}


async def _serve(kind: str, upstream: int) -> None:
    with tempfile.TemporaryDirectory(prefix="silkgate-") as folder:
        async with KINDS[kind](Path(folder), upstream) as port:
            collect_rarely()
            print(port, flush=True)
            await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1], int(sys.argv[2])))
