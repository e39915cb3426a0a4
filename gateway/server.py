"""A node with its listeners: what `serve` and `demo` run."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from audit_log.errors import AuditUnavailable
from gateway.api.audit import AuditOperations
from gateway.api.data import DataOperations
from gateway.api.openapi import document
from gateway.api.reviews import ReviewOperations
from gateway.api.service import Service
from gateway.api.status import StatusOperations, openapi
from gateway.engines import Policy
from gateway.errors import ConfigError, NotReloaded
from gateway.http.access import Access
from gateway.http.front import Front
from gateway.http.limits import Limits
from gateway.http.listeners import listen
from gateway.http.metrics import Metrics
from gateway.http.proxy import Proxy
from gateway.http.seen import Told, telling, to_metrics
from gateway.node import Node, last_signed, running, utc_now, vault_path
from gateway.reload import Reload, ReloadRefused
from gateway.settings import ObserveSettings, Settings
from gateway.streams.releasing import Releasing
from gateway.vouchers import tsa_roots, witness_policy
from gateway.vouching import vouched_for
from policies.model import PolicyUnavailable

if TYPE_CHECKING:
    from gateway.http.tracing import Tracing

log = structlog.get_logger(__name__)

_COUNTERS_SECONDS: Final = 60.0
_POLICY_SECONDS: Final = 5.0
_TURN_SECONDS: Final = 0.001


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


def take_short_turns() -> None:
    """Let the threads of ledger and log have the interpreter after a millisecond, not after five.

    Each needs it several times for what exports wait for, between look-ups and writes that go on
    without it, while the event loop computes for others. For a whole process: who serves calls it.
    """
    sys.setswitchinterval(_TURN_SECONDS)


@asynccontextmanager
async def serving(
    settings: Settings,
    again: Callable[[], Settings] | None = None,
    told: Sequence[Told] = (),
    *,
    workers: int = 1,
    warm: bool = False,
) -> AsyncIterator[Serving]:
    """Start everything; on leaving, finish what is under way, note outcomes, close the log.

    A reload asks `again` for the configuration; `told` hear of each answer; more `workers` than
    one compute in processes of their own; with `warm`, text engines are loaded in the background.
    """
    async with AsyncExitStack() as stack:
        metrics = Metrics()
        node = await stack.enter_async_context(
            running(settings, workers=workers, compared=metrics.compared, warm=warm)
        )
        unvouched = await stack.enter_async_context(vouched_for(settings))
        traces = _tracing(settings.observe)
        if traces:
            stack.push_async_callback(asyncio.to_thread, traces.close)
        front = Front(settings, traces.sends() if traces else ())
        await front.start()
        stack.push_async_callback(front.close)
        proxy = Proxy(
            front.access,
            pipeline=node.pipeline,
            streams=node.streams,
            retries=node.retries,
            reviews=node.reviews,
            limits=Limits.of(settings),
            metrics=metrics,
            counters=node.counters,
        )
        front.use = partial(_admit, proxy, front, metrics)
        _admit(proxy, front, metrics, front.access)
        stack.push_async_callback(proxy.drain)
        reload = Reload(
            node,
            front,
            stack,
            again=again or (lambda: settings),
            note=metrics.compared,
            use=partial(_use, proxy, traces),
            told=partial(_told, metrics),
        )
        _use(proxy, traces, node)
        handler = telling(proxy.handle, to_metrics(metrics), *told)
        handler = traces.requests(handler) if traces else handler
        data = await listen(handler, proxy.stranger, settings.listen.data, front.data)
        stack.push_async_callback(data.close)
        unready: dict[str, str] = {}
        if settings.policy.engine == "opa" and settings.routes:
            asking = asyncio.create_task(ask_policy(reload, unready, _POLICY_SECONDS))
            stack.callback(asking.cancel)
        service = _admin(reload, proxy, metrics, unready, unvouched)
        admin = await listen(service.handle, metrics.refused, settings.listen.admin, front.admin)
        stack.push_async_callback(admin.close)
        ticking = asyncio.create_task(_note_counters(node))
        stack.callback(ticking.cancel)
        if settings.policy.watch_seconds:
            watching = asyncio.create_task(reload.watch(settings.policy.watch_seconds))
            stack.callback(watching.cancel)
        yield Serving(reload, data.port, admin.port)


def _tracing(settings: ObserveSettings) -> Tracing | None:
    """As configured. Raises `ConfigError` without the extra."""
    if not settings.otlp:
        return None
    try:
        from gateway.http.tracing import Tracing  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ConfigError("observe.otlp needs `pip install silkgate[otel]`") from error
    return Tracing(settings)


def _admit(proxy: Proxy, front: Front, metrics: Metrics, access: Access) -> None:
    """Let in by `access` from now on."""
    proxy.admit(access)
    for name, listener in (("data", front.data), ("admin", front.admin)):
        if listener:
            metrics.certificate(name, listener.end())


def _use(proxy: Proxy, traces: Tracing | None, node: Node) -> None:
    """Decide by `node` from now on."""
    pipeline, streams = node.pipeline, node.streams
    proxy.use(*(traces.stages(pipeline, streams) if traces else (pipeline, streams)))


def _admin(
    reload: Reload,
    proxy: Proxy,
    metrics: Metrics,
    unready: Mapping[str, str],
    unvouched: Mapping[str, str],
) -> Service:
    """The admin listener's operations."""
    settings = reload.node.settings
    directory = settings.path(settings.audit.dir)
    limits = Limits.of(settings)
    status = StatusOperations(
        partial(_readiness, reload, unready),
        partial(_warnings, reload, unvouched),
        partial(_reloaded, reload),
        metrics,
    )
    operations = [
        *status.table(),
        *DataOperations(
            lambda: reload.node.pipeline,
            lambda: reload.node.policy,
            lambda: proxy.access,
            limits,
        ).table(),
        *ReviewOperations(
            reload.node.reviews,
            lambda: Releasing(
                reload.node.pipeline, reload.node.streams.quarantine, limits.export_seconds
            ),
            lambda: proxy.access,
            limits,
        ).table(),
        *AuditOperations(
            directory,
            state=last_signed(settings),
            vault=vault_path(directory),
            policy=witness_policy(settings),
            roots=tsa_roots(settings),
        ).table(),
    ]
    operations.append(openapi(lambda: document(operations)))
    return Service(operations, lambda: proxy.access, metrics)


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
        "keys": reload.node.keys.problem,
    }
    return {part: why for part, why in found.items() if why} | dict(unvouched)


async def ask_policy(reload: Reload, unready: dict[str, str], seconds: float) -> None:
    """Ask the policy server now and then, so that `unready` says whether it decides."""
    while True:
        node = reload.node
        route = next(iter(node.routes.values()))
        try:
            await node.policy.engine.probe(route.question([], utc_now()))
            unready.pop("policy", None)
        except PolicyUnavailable as error:
            unready["policy"] = str(error)
        await asyncio.sleep(seconds)


def _readiness(reload: Reload, unready: Mapping[str, str]) -> dict[str, str]:
    node, wrong = reload.node, dict(unready)
    if not node.audit.healthy:
        wrong["audit"] = "the log cannot be made durable; restart once the disk is well"
    if not node.ledger.healthy:
        wrong["ledger"] = node.ledger.remedy
    if not node.keys.usable:
        wrong["keys"] = node.keys.problem or "the key service has been out of reach for too long"
    if why := node.pipeline.work.problem:
        wrong["workers"] = why
    return wrong
