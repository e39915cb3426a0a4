"""Outcomes, written without anybody waiting for them; a log that fails shows in readiness."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Final

import structlog

from audit_log.errors import AuditUnavailable
from gateway.export.evidence import Entry
from gateway.ports import AuditSink

_AT_ONCE: Final = 256  # the most entries that the log takes in one call

log = structlog.get_logger(__name__)


class Notes:
    """Writes under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._outcomes: list[tuple[int, Entry]] = []

    def outcome(self, audit: AuditSink, export: int, entry: Entry) -> None:
        """Let `entry`, the outcome of the entry `export`, be written with others of this turn."""
        self._outcomes.append((export, entry))
        if len(self._outcomes) == 1:
            self._go(self._write(audit))

    def take(self, export: int | None, writing: Coroutine[Any, Any, object]) -> None:
        """Let `writing`, of the outcome of the entry `export`, go on by itself."""
        self._go(_written([export], writing))

    async def drain(self) -> None:
        """Wait until everything is written."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _go(self, writing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(writing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write(self, audit: AuditSink) -> None:
        """Begun at the loop's next turn: what was noted until then goes together."""
        outcomes, self._outcomes = self._outcomes, []
        parts = [outcomes[at : at + _AT_ONCE] for at in range(0, len(outcomes), _AT_ONCE)]
        for part in parts:
            entries = [entry for _, entry in part]
            await _written([export for export, _ in part], audit.append(entries))


async def _written(exports: Sequence[int | None], writing: Coroutine[Any, Any, object]) -> None:
    try:
        await writing
    except AuditUnavailable:
        for export in exports:
            log.error("outcome not written", export=export)
