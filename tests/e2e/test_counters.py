"""The sender's own count, in the log, betrays a writer that keeps entries to itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from audit_log.log import AuditLog, Receipt
from audit_log.report import Code
from tests.e2e.rig import rig, verified

LINES = b'{"sku":"a"}\n{"sku":"b"}\n'
NOWHERE = 10**6


class LossyWriter:
    """Stands in for `AuditLog.append`: of every `period` openings one is not written.

    Its outcome is not written either, so that the entries agree with each other.
    """

    def __init__(self, period: int) -> None:
        self.append = AuditLog.append
        self.period, self.openings = period, 0

    async def __call__(
        self, log: AuditLog, entries: Sequence[Mapping[str, Any]]
    ) -> Sequence[Receipt]:
        lost = [Receipt(NOWHERE, "")] * len(entries)
        if any(entry.get("export") == NOWHERE for entry in entries):
            return lost
        if any(entry["kind"] == "export" for entry in entries):
            self.openings += 1
            if self.openings % self.period == 0:
                return lost
        return await self.append(log, entries)


@pytest.mark.parametrize(("period", "ok"), [(10**9, True), (3, False), (7, False)])
async def test_a_writer_that_drops_one_in_n_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, period: int, ok: bool
) -> None:
    """Eight exports were sent; the log released fewer."""
    writer = LossyWriter(period)

    async def append(log: AuditLog, entries: Sequence[Mapping[str, Any]]) -> Sequence[Receipt]:
        return await writer(log, entries)

    monkeypatch.setattr(AuditLog, "append", append)
    async with rig(tmp_path) as line:
        for number in range(7):
            assert (await line.send(b'{"sku":"%d"}' % number)).status == 200
        stream = await line.send(LINES, headers={"Content-Type": "application/x-ndjson"})
        assert stream.status == 200
        settings = line.settings
    report = verified(settings)
    assert report.ok is ok
    assert {problem.code for problem in report.problems} == (set() if ok else {Code.UNACCOUNTED})


async def test_what_could_not_be_sent_is_counted_as_the_log_counts_it(tmp_path: Path) -> None:
    """Failed, denied and refused requests and strangers: the counts stay within the log's."""
    async with rig(tmp_path) as line:
        await line.send(b'{"sku":"a"}', to="/nowhere/x")
        await line.send(b"[", to="/sg/x")
        await line.send(b"{}", key=None)
        settings = line.settings
    (counted,) = line.entries("counters")
    assert (counted["forwarded"], counted["counts"]) == (1, {"unauthorized": 1})
    assert verified(settings).ok
