"""The ledgers that must keep the contract."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.ledger.model import Opening
from gateway.ledger.sqlite import SqliteLedger
from tests.gateway.ledger.people import EXPORTER, Clock


class SqliteBackend:
    """A ledger in a folder; `open` lets go of what was open before, as a new process would."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.path = folder / "ledger.db"
        self.clock = clock
        self._ledger: SqliteLedger | None = None

    async def create(self, opening: Opening | None = None) -> SqliteLedger:
        self._ledger = SqliteLedger.create(self.path, EXPORTER, opening, clock=self.clock)
        return self._ledger

    async def open(self, opening: Opening | None = None) -> SqliteLedger:
        await self.close()
        self._ledger = SqliteLedger.open(
            self.path, EXPORTER, opening, clock=self.clock, recent_facts=50
        )
        return self._ledger

    async def close(self) -> None:
        if self._ledger is not None:
            await self._ledger.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite"])
async def backend(tmp_path: Path, clock: Clock) -> AsyncIterator[SqliteBackend]:
    backend = SqliteBackend(tmp_path, clock)
    yield backend
    await backend.close()
