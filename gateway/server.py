"""A node with its listeners: what `serve` and `demo` run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from audit_log.errors import AuditUnavailable
from gateway.http.access import Access
from gateway.http.limits import Limits
from gateway.http.listeners import listen_admin, listen_data
from gateway.http.metrics import Metrics
from gateway.http.proxy import Proxy
from gateway.http.tls import ListenerTls
from gateway.node import Node, running
from gateway.settings import Settings

_STRANGERS_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Serving:
    """A gateway that accepts exports."""

    node: Node
    data_port: int
    admin_port: int


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Serving]:
    """Start everything; on leaving, finish what is under way, note outcomes, close the log."""
    async with AsyncExitStack() as stack:
        node = await stack.enter_async_context(running(settings))
        access = Access.of(settings)
        await access.start()
        stack.push_async_callback(access.close)
        metrics = Metrics()
        data_tls, admin_tls = (
            ListenerTls(tls, settings.root) if tls else None
            for tls in (settings.listen.tls, settings.listen.admin_tls)
        )
        proxy = Proxy(
            access,
            pipeline=node.pipeline,
            streams=node.streams,
            retries=node.retries,
            limits=Limits.of(settings),
            metrics=metrics,
        )
        stack.push_async_callback(_finish, proxy)
        runner, data_port = await listen_data(
            proxy.handle, partial(proxy.stranger, "malformed"), settings.listen.data, data_tls
        )
        stack.push_async_callback(runner.cleanup)
        admin, admin_port = await listen_admin(
            lambda: _readiness(node), metrics, settings.listen.admin, admin_tls
        )
        stack.push_async_callback(admin.cleanup)
        ticking = asyncio.create_task(_note_strangers(proxy))
        stack.callback(ticking.cancel)
        yield Serving(node, data_port, admin_port)


async def _finish(proxy: Proxy) -> None:
    await proxy.drain()
    with suppress(AuditUnavailable):  # the log has failed already; readiness has said so
        await proxy.note_strangers()


async def _note_strangers(proxy: Proxy) -> None:
    with suppress(AuditUnavailable):
        while True:
            await asyncio.sleep(_STRANGERS_SECONDS)
            await proxy.note_strangers()


def _readiness(node: Node) -> dict[str, str]:
    wrong = {}
    if not node.audit.healthy:
        wrong["audit"] = "the log cannot be made durable; restart once the disk is well"
    if not node.ledger.healthy:
        wrong["ledger"] = node.ledger.remedy
    return wrong
