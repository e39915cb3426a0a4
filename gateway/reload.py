"""Configuration and policies read anew while the gateway serves: no request is dropped.

What is under way goes on with the pipeline, route and caller it began with; what comes later gets
the new ones. Either everything that was read is put in force, or nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import structlog

from audit_log.errors import AuditUnavailable
from gateway.detectors import Detectors, detector_files, load_detectors, read_sources
from gateway.engines import Policy, load_policy, policy_folders
from gateway.errors import CannotDecide, ConfigError
from gateway.export import evidence
from gateway.export.work import Work
from gateway.http.front import Front
from gateway.node import (
    Node,
    config_digest,
    configured,
    keep_bundle,
    with_detectors,
    with_policy,
    work_of,
)
from gateway.settings import Settings
from gateway.workers.pool import Pool
from policies.beside import Note
from policies.errors import BundleError
from policies.model import PolicyUnavailable

log = structlog.get_logger(__name__)

_REFUSED: Final = (
    AuditUnavailable, BundleError, CannotDecide, ConfigError, PolicyUnavailable
)  # fmt: skip
WARMED: Final = 128  # questions answered anew before a policy takes over

Signature = dict[Path, tuple[int, int]]  # file -> time of change, size


class ReloadRefused(Exception):
    """What was read cannot be used; what is in force stays. The message says why."""


class Reload:
    """Puts what has changed in force, one reload at a time. `node` is what is in force.

    `again` gives the configuration as it stands now. `use` is told of each new node, `told` of
    each result; `problem` is why the last was refused.
    """

    def __init__(
        self,
        node: Node,
        front: Front,
        stack: AsyncExitStack,
        *,
        again: Callable[[], Settings],
        note: Note,
        use: Callable[[Node], None],
        told: Callable[[Policy, bool], None],
    ) -> None:
        """Connections of new engines are closed with `stack`; `note` hears of candidates."""
        self.node, self.problem = node, ""
        self._front, self._again = front, again
        self._stack, self._note, self._use, self._told = stack, note, use, told
        self._turn = asyncio.Lock()
        told(node.policy, True)

    async def __call__(self) -> str:
        """Read configuration, bundle, overlay and candidate anew; the revision now in force.

        Raises `ReloadRefused`.
        """
        async with self._turn:
            try:
                settings = await asyncio.to_thread(self._again)
                renewal = await asyncio.to_thread(self._front.read, settings)
                policy = await self._read(settings)
                detectors, work = await self._detectors(settings)
                await self._enter(settings, policy, detectors)
            except _REFUSED as error:
                await self._refuse(str(error))
                raise ReloadRefused(self.problem) from error
            before = self.node.pipeline.work
            node = with_policy(configured(self.node, settings), policy)
            self.node, self.problem = with_detectors(node, detectors, work), ""
            if work is not before:
                self._retire(before)
            self._use(self.node)
            await self._front.renew(renewal)
            self._told(policy, True)
            log.info("policy in force", revision=policy.bundle.revision[:12])
            return policy.bundle.revision

    async def watch(self, seconds: float) -> None:
        """Reload whenever the folders have changed and then stayed alike for one interval."""
        known = seen = await asyncio.to_thread(_signature, _watched(self.node.settings))
        while True:
            await asyncio.sleep(seconds)
            now = await asyncio.to_thread(_signature, _watched(self.node.settings))
            if now == seen and now != known:
                known = now
                try:
                    await self()
                except ReloadRefused:
                    continue  # said and logged
            seen = now

    async def _read(self, settings: Settings) -> Policy:
        """The policy as it lies there now, able to decide what was decided before."""
        policy = await load_policy(settings, self._stack, self._note)
        same = settings.policy == self.node.settings.policy
        if same and policy.bundle.revision == self.node.policy.bundle.revision:
            return Policy(policy.bundle, self.node.policy.engine, policy.candidate,
                          policy.candidate_problem)  # fmt: skip
        await policy.engine.warm(self.node.policy.engine, WARMED)
        return policy

    async def _detectors(self, settings: Settings) -> tuple[Detectors, Work]:
        """The team's recognizers as they lie there now, and who computes with them."""
        node = self.node
        sources = await asyncio.to_thread(read_sources, settings)
        same = settings.detectors == node.settings.detectors and sources == node.detectors.sources
        if same:
            return node.detectors, node.pipeline.work
        detectors = await asyncio.to_thread(load_detectors, settings, sources)
        workers = node.pipeline.work.parallel
        return detectors, await work_of(settings, detectors, node.keys, workers, self._stack)

    def _retire(self, work: Work) -> None:
        """Stop the workers of the detectors before, once no export can need them any more."""
        if isinstance(work, Pool):
            closing = asyncio.create_task(_close_after(work, self.node.settings))
            self._stack.callback(closing.cancel)

    async def _enter(self, settings: Settings, policy: Policy, detectors: Detectors) -> None:
        """Have the log state what is new, and keep its bundle, before anything rests on it."""
        revision, before = policy.bundle.revision, self.node.policy.bundle.revision
        entries = []
        versions = detectors.registry.versions if detectors is not self.node.detectors else None
        if versions or config_digest(settings) != config_digest(self.node.settings):
            entries.append(evidence.config_entry(config_digest(settings), versions))
        if revision != before:
            await asyncio.to_thread(keep_bundle, settings.path(settings.audit.dir), policy.bundle)
            entries.append(evidence.policy_entry("in_force", revision, before))
        if entries:
            await self.node.audit.append(entries)

    async def _refuse(self, why: str) -> None:
        self.problem = why
        policy = self.node.policy
        self._told(policy, False)
        log.error("reload refused", why=why, in_force=policy.bundle.revision[:12])
        revision = policy.bundle.revision
        try:
            await self.node.audit.append([evidence.policy_entry("refused", revision, why=why)])
        except AuditUnavailable:
            return  # readiness says so


async def _close_after(pool: Pool, settings: Settings) -> None:
    await asyncio.sleep(max(settings.limits.deadline_seconds, settings.streams.deadline_seconds))
    await pool.close()


def _watched(settings: Settings) -> list[Path]:
    """The folders and files whose change is a reason to reload."""
    return [*policy_folders(settings), *detector_files(settings).values()]


def _signature(places: list[Path]) -> Signature:
    """What tells a changed folder from an unchanged one."""
    found: Signature = {}
    for path in (path for place in places for path in (place, *place.rglob("*"))):
        try:
            stat = path.stat()
        except OSError:  # gone meanwhile
            continue
        found[path] = stat.st_mtime_ns, stat.st_size
    return found
