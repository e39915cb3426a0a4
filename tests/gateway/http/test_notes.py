"""Outcomes that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from audit_log.errors import AuditUnavailable
from gateway.export import evidence
from gateway.http.notes import Notes


class Log:
    """Takes entries, slowly, as long as it is well."""

    def __init__(self, *, well: bool = True) -> None:
        self.calls: list[list[int]] = []
        self._well = well

    async def append(self, entries: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        assert len(entries) <= 256
        if not self._well:
            raise AuditUnavailable("the disk is gone")
        self.calls.append([entry["export"] for entry in entries])
        await asyncio.sleep(0)
        return ()


def note(notes: Notes, log: Log, *exports: int) -> None:
    for export in exports:
        notes.outcome(log, export, evidence.outcome_entry(export, "delivered"))


async def test_each_is_written_once_and_in_order() -> None:
    """Those of one turn in one call, also while an earlier call is under way, and not too many."""
    notes, log = Notes(), Log()
    note(notes, log, 1, 2)
    await asyncio.sleep(0)
    note(notes, log, *range(3, 600))
    await notes.drain()
    assert [export for call in log.calls for export in call] == list(range(1, 600))
    assert log.calls[0] == [1, 2]
    assert len(log.calls) == 4


async def test_a_log_that_fails_is_told_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody waits, so a line says which outcomes are missing."""
    notes = Notes()
    note(notes, Log(well=False), 7, 8)
    await notes.drain()
    assert capsys.readouterr().out.count("outcome not written") == 2
