"""A node with its listeners: what `serve` and `demo` run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from audit_log.errors import AuditUnavailable
from gateway.api.audit import AuditOperations
from gateway.api.data import DataOperations
from gateway.api.openapi import document
from gateway.api.service import Service
from gateway.api.status import StatusOperations, openapi
from gateway.engines import Policy
from gateway.errors import NotReloaded
from gateway.http.front import Front
from gateway.http.limits import Limits
from gateway.http.listeners import listen
from gateway.http.metrics import Metrics
from gateway.http.proxy import Proxy
from gateway.node import Node, last_signed, running, vault_path
from gateway.reload import Reload, ReloadRefused
from gateway.settings import Settings
from gateway.vouchers import tsa_roots, witness_policy
from gateway.vouching import vouched_for

log = structlog.get_logger(__name__)

_COUNTERS_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Serving:
    """A gateway that accepts exports; `reload` reads its configuration and policies anew."""

    reload: Reload
    data_port: int
    admin_port: int

    @property
    def node(self) -> Node:
        """What is in force."""
        return self.reload.node


@asynccontextmanager
async def serving(
    settings: Settings, again: Callable[[], Settings] | None = None
) -> AsyncIterator[Serving]:
    """Start everything; on leaving, finish what is under way, note outcomes, close the log.

    A reload asks `again` for the configuration.
    """
    async with AsyncExitStack() as stack:
        metrics = Metrics()
        node = await stack.enter_async_context(running(settings, compared=metrics.compared))
        unvouched = await stack.enter_async_context(vouched_for(settings))
        front = Front(settings)
        await front.access.start()
        stack.push_async_callback(front.close)
        proxy = Proxy(
            front.access,
            pipeline=node.pipeline,
            streams=node.streams,
            retries=node.retries,
            limits=Limits.of(settings),
            metrics=metrics,
            counters=node.counters,
        )
        front.use = proxy.admit
        stack.push_async_callback(proxy.drain)
        reload = Reload(
            node,
            front,
            stack,
            again=again or (lambda: settings),
            note=metrics.compared,
            use=lambda node: proxy.use(node.pipeline, node.streams),
            told=partial(_told, metrics),
        )
        malformed = partial(proxy.stranger, "malformed")
        runner, data_port = await listen(proxy.handle, malformed, settings.listen.data, front.data)
        stack.push_async_callback(runner.cleanup)
        service = _admin(reload, proxy, metrics, unvouched)
        malformed = partial(metrics.refused, "malformed")
        admin, admin_port = await listen(
            service.handle, malformed, settings.listen.admin, front.admin
        )
        stack.push_async_callback(admin.cleanup)
        ticking = asyncio.create_task(_note_counters(node))
        stack.callback(ticking.cancel)
        if settings.policy.watch_seconds:
            watching = asyncio.create_task(reload.watch(settings.policy.watch_seconds))
            stack.callback(watching.cancel)
        yield Serving(reload, data_port, admin_port)


def _admin(reload: Reload, proxy: Proxy, metrics: Metrics, unvouched: Mapping[str, str]) -> Service:
    """The admin listener's operations."""
    settings = reload.node.settings
    directory = settings.path(settings.audit.dir)
    limits = Limits.of(settings)
    status = StatusOperations(
        partial(_readiness, reload),
        partial(_warnings, reload, unvouched),
        partial(_reloaded, reload),
        metrics,
    )
    operations = [
        *status.table(),
        *DataOperations(lambda: reload.node.pipeline, lambda: proxy.access, limits).table(),
        *AuditOperations(
            directory,
            state=last_signed(settings),
            vault=vault_path(directory),
            policy=witness_policy(settings),
            roots=tsa_roots(settings),
        ).table(),
    ]
    operations.append(openapi(lambda: document(operations)))
    return Service(operations, lambda: proxy.access)


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


async def _reloaded(reload: Reload) -> str:
    try:
        return await reload()
    except ReloadRefused as error:
        raise NotReloaded(str(error), reload.node.policy.bundle.revision) from error


def _warnings(reload: Reload, unvouched: Mapping[str, str]) -> dict[str, str]:
    found = {
        "policy": reload.problem and f"the last reload changed nothing: {reload.problem}",
        "candidate": reload.node.policy.candidate_problem,
    }
    return {part: why for part, why in found.items() if why} | dict(unvouched)


def _readiness(reload: Reload) -> dict[str, str]:
    node, wrong = reload.node, {}
    if not node.audit.healthy:
        wrong["audit"] = "the log cannot be made durable; restart once the disk is well"
    if not node.ledger.healthy:
        wrong["ledger"] = node.ledger.remedy
    return wrong
