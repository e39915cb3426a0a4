"""Outcomes, written without anybody waiting for them; a log that fails shows in readiness."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from audit_log.errors import AuditUnavailable

log = structlog.get_logger(__name__)


class Notes:
    """Writes under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, export: int | None, writing: Coroutine[Any, Any, object]) -> None:
        """Let `writing`, of the outcome of the entry `export`, go on by itself."""
        task = asyncio.get_running_loop().create_task(_written(export, writing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait until everything is written."""
        while self._tasks:
            await asyncio.wait(self._tasks)


async def _written(export: int | None, writing: Coroutine[Any, Any, object]) -> None:
    try:
        await writing
    except AuditUnavailable:
        log.error("outcome not written", export=export)
