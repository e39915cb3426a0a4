"""The two listeners: data (exports) and admin (health, readiness, metrics)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.http.connection import Handler, Server
from gateway.http.metrics import Metrics
from gateway.http.tls import ListenerTls
from gateway.settings import split_address

Readiness = Callable[[], dict[str, str]]  # part -> what is wrong with it; empty when ready
_SHUTDOWN_SECONDS = 30.0


async def listen_data(
    handler: Handler,
    malformed: Callable[[], None],
    address: str,
    tls: ListenerTls | None,
) -> tuple[web.BaseRunner, int]:
    """Serve exports on `address` (port 0: a free one); the caller cleans the runner up.

    `malformed` is called for each request that could not be parsed.
    """
    server = Server(handler, malformed)
    runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_SECONDS)
    return runner, await _start(runner, address, tls)


async def listen_admin(
    address: str,
    tls: ListenerTls | None,
    *,
    readiness: Readiness,
    warnings: Readiness,
    reload: Callable[[], Awaitable[web.Response]],
    metrics: Metrics,
) -> tuple[web.BaseRunner, int]:
    """Serve `/healthz`, `/readyz`, `/metrics` and `POST /v1/reload` on `address`.

    `warnings` tells what is wrong and leaves the gateway ready.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        wrong = readiness()
        metrics.ready(yes=not wrong)
        status = "unready" if wrong else "ready"
        document = {"status": status, "parts": wrong, "warnings": warnings()}
        return web.json_response(document, status=503 if wrong else 200)

    async def exposition(_: web.Request) -> web.Response:
        metrics.ready(yes=not readiness())
        return web.Response(body=metrics.exposition(), content_type="text/plain", charset="utf-8")

    async def reloaded(_: web.Request) -> web.Response:
        return await reload()

    app = web.Application()
    app.add_routes(
        [
            web.get("/healthz", healthz),
            web.get("/readyz", readyz),
            web.get("/metrics", exposition),
            web.post("/v1/reload", reloaded),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    return runner, await _start(runner, address, tls)


async def _start(runner: web.BaseRunner, address: str, tls: ListenerTls | None) -> int:
    host, port = split_address(address, "listen")
    await runner.setup()
    site = web.TCPSite(runner, host, port, ssl_context=tls.context if tls else None)
    await site.start()
    return int(runner.addresses[0][1])
