"""A node with its listeners: what `serve` and `demo` run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from aiohttp import web

from audit_log.errors import AuditUnavailable
from gateway.engines import Policy
from gateway.errors import Problem
from gateway.http.access import Access
from gateway.http.limits import Limits
from gateway.http.listeners import listen_admin, listen_data
from gateway.http.metrics import Metrics
from gateway.http.proxy import Proxy
from gateway.http.replies import reply
from gateway.http.tls import ListenerTls
from gateway.node import Node, running
from gateway.reload import Reload, ReloadRefused
from gateway.settings import Settings

log = structlog.get_logger(__name__)

_COUNTERS_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Serving:
    """A gateway that accepts exports; `reload` reads its policies anew."""

    reload: Reload
    data_port: int
    admin_port: int

    @property
    def node(self) -> Node:
        """What is in force."""
        return self.reload.node


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Serving]:
    """Start everything; on leaving, finish what is under way, note outcomes, close the log."""
    async with AsyncExitStack() as stack:
        metrics = Metrics()
        node = await stack.enter_async_context(running(settings, compared=metrics.compared))
        access = Access.of(settings)
        await access.start()
        stack.push_async_callback(access.close)
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
            counters=node.counters,
        )
        stack.push_async_callback(proxy.drain)
        reload = Reload(
            node,
            stack,
            metrics.compared,
            lambda node: proxy.use(node.pipeline, node.streams),
            partial(_told, metrics),
        )
        runner, data_port = await listen_data(
            proxy.handle, partial(proxy.stranger, "malformed"), settings.listen.data, data_tls
        )
        stack.push_async_callback(runner.cleanup)
        admin, admin_port = await listen_admin(
            settings.listen.admin,
            admin_tls,
            readiness=lambda: _readiness(node),
            warnings=lambda: _warnings(reload),
            reload=lambda: _reloaded(reload),
            metrics=metrics,
        )
        stack.push_async_callback(admin.cleanup)
        ticking = asyncio.create_task(_note_counters(node))
        stack.callback(ticking.cancel)
        if settings.policy.watch_seconds:
            watching = asyncio.create_task(reload.watch(settings.policy.watch_seconds))
            stack.callback(watching.cancel)
        yield Serving(reload, data_port, admin_port)


async def _note_counters(node: Node) -> None:
    with suppress(AuditUnavailable):  # the log has failed; readiness says so
        while True:
            await asyncio.sleep(_COUNTERS_SECONDS)
            await node.counters.note(node.audit)


def _told(metrics: Metrics, policy: Policy, reloaded: bool) -> None:
    ok = not policy.candidate_problem
    metrics.policy(policy.bundle.revision, reloaded=reloaded, candidate=ok)
    if not ok:
        log.error("candidate policy not asked", why=policy.candidate_problem)


async def _reloaded(reload: Reload) -> web.Response:
    try:
        return web.json_response({"revision": await reload()})
    except ReloadRefused as error:
        title = "The new policy cannot be used; the one in force stays"
        extra = {"revision": reload.node.policy.bundle.revision}
        return reply(Problem(422, "policy-refused", title, str(error), extra))


def _warnings(reload: Reload) -> dict[str, str]:
    found = {
        "policy": reload.problem and f"an older policy is in force; the new one: {reload.problem}",
        "candidate": reload.node.policy.candidate_problem,
    }
    return {part: why for part, why in found.items() if why}


def _readiness(node: Node) -> dict[str, str]:
    wrong = {}
    if not node.audit.healthy:
        wrong["audit"] = "the log cannot be made durable; restart once the disk is well"
    if not node.ledger.healthy:
        wrong["ledger"] = node.ledger.remedy
    return wrong
