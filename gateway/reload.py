"""Policies read anew while the gateway serves: no request is dropped, none changes its policy.

What is under way goes on with the pipeline it began with; what comes later gets the new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import structlog

from audit_log.errors import AuditUnavailable
from gateway.engines import Policy, load_policy, policy_folders
from gateway.export import evidence
from gateway.node import Node, keep_bundle, with_policy
from gateway.settings import ConfigError
from policies.beside import Note
from policies.errors import BundleError
from policies.model import PolicyUnavailable

log = structlog.get_logger(__name__)

WARMED: Final = 128  # questions answered anew before a policy takes over

Signature = dict[Path, tuple[int, int]]  # file -> time of change, size


class ReloadRefused(Exception):
    """The new policy cannot be used; the one in force stays. The message says why."""


class Reload:
    """Puts changed policies in force, one reload at a time. `node` is what is in force.

    `use` is told of each new node, `told` of each result; `problem` is why the last was refused.
    """

    def __init__(
        self,
        node: Node,
        stack: AsyncExitStack,
        note: Note,
        use: Callable[[Node], None],
        told: Callable[[Policy, bool], None],
    ) -> None:
        """Connections of new engines are closed with `stack`; `note` hears of candidates."""
        self.node, self.problem = node, ""
        self._stack, self._note, self._use, self._told = stack, note, use, told
        self._turn = asyncio.Lock()
        told(node.policy, True)

    async def __call__(self) -> str:
        """Read bundle, overlay and candidate anew; the revision now in force.

        Raises `ReloadRefused`.
        """
        async with self._turn:
            try:
                policy = await self._read()
                await self._enter(policy)
            except (BundleError, ConfigError, PolicyUnavailable, AuditUnavailable) as error:
                await self._refuse(str(error))
                raise ReloadRefused(self.problem) from error
            self.node, self.problem = with_policy(self.node, policy), ""
            self._use(self.node)
            self._told(policy, True)
            log.info("policy in force", revision=policy.bundle.revision[:12])
            return policy.bundle.revision

    async def watch(self, seconds: float) -> None:
        """Reload whenever the folders have changed and then stayed alike for one interval."""
        known = seen = await asyncio.to_thread(_signature, policy_folders(self.node.settings))
        while True:
            await asyncio.sleep(seconds)
            now = await asyncio.to_thread(_signature, policy_folders(self.node.settings))
            if now == seen and now != known:
                known = now
                try:
                    await self()
                except ReloadRefused:
                    continue  # said and logged
            seen = now

    async def _read(self) -> Policy:
        """The policy as it lies there now, able to decide what was decided before."""
        policy = await load_policy(self.node.settings, self._stack, self._note, probing=True)
        if policy.bundle.revision == self.node.policy.bundle.revision:
            return Policy(policy.bundle, self.node.policy.engine, policy.candidate,
                          policy.candidate_problem)  # fmt: skip
        await policy.engine.warm(self.node.policy.engine, WARMED)
        return policy

    async def _enter(self, policy: Policy) -> None:
        """Have the log state the new revision, and keep its bundle, before anything rests on it."""
        revision, before = policy.bundle.revision, self.node.policy.bundle.revision
        if revision == before:
            return
        settings = self.node.settings
        await asyncio.to_thread(keep_bundle, settings.path(settings.audit.dir), policy.bundle)
        await self.node.audit.append([evidence.policy_entry("in_force", revision, before)])

    async def _refuse(self, why: str) -> None:
        self.problem = why
        policy = self.node.policy
        self._told(policy, False)
        log.error("new policy refused", why=why, in_force=policy.bundle.revision[:12])
        revision = policy.bundle.revision
        try:
            await self.node.audit.append([evidence.policy_entry("refused", revision, why=why)])
        except AuditUnavailable:
            return  # readiness says so


def _signature(folders: list[Path]) -> Signature:
    """What tells a changed folder from an unchanged one."""
    found: Signature = {}
    for path in (path for folder in folders for path in folder.rglob("*")):
        try:
            stat = path.stat()
        except OSError:  # gone meanwhile
            continue
        found[path] = stat.st_mtime_ns, stat.st_size
    return found
