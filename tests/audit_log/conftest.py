"""Logs that tests of the audit log ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit_log.logs import Home, export, finish


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A place for a log, not yet created."""
    return Home.make(tmp_path / "home")


@pytest.fixture
async def parted(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A log of seven sealed segments; outcomes and counters reach across them."""
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 10)
    home.create()
    log = home.open()
    released = 0
    for number in range(30):
        if number % 11 == 0:
            await log.append([{"kind": "start"}])
            released = 0
        (receipt,) = await log.append([export(number)])
        released += 1
        if number % 3:
            await log.append([{"kind": "outcome", "export": receipt.seq - 2, "status": "failed"}])
        if number % 4 == 3:
            await log.append([{"kind": "counters", "forwarded": released}])
    await finish(log)
    return home
