"""The ledgers that must keep the contract."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.ledger.model import Opening
from gateway.ledger.postgres import PostgresLedger
from gateway.ledger.same_key import LedgerKey
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


class PostgresBackend:
    """A ledger in a database shared by all tests, each with an exporter of its own."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.clock = clock
        self.exporter = f"acme-{uuid.uuid4()}"
        self._ledgers: list[PostgresLedger] = []

    async def create(self, opening: Opening | None = None) -> PostgresLedger:
        return self._kept(
            await PostgresLedger.create(self.url, self.exporter, opening, clock=self.clock)
        )

    async def open(
        self, opening: Opening | None = None, key: LedgerKey | None = None
    ) -> PostgresLedger:
        """One more gateway on the same ledger."""
        return self._kept(
            await PostgresLedger.open(self.url, self.exporter, opening, clock=self.clock, key=key)
        )

    async def close(self) -> None:
        for ledger in self._ledgers:
            await ledger.close()
        self._ledgers.clear()

    def _kept(self, ledger: PostgresLedger) -> PostgresLedger:
        self._ledgers.append(ledger)
        return ledger


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sqlite(tmp_path: Path, clock: Clock) -> AsyncIterator[SqliteBackend]:
    backend = SqliteBackend(tmp_path, clock)
    yield backend
    await backend.close()


@pytest.fixture
async def postgres(postgres_url: str, clock: Clock) -> AsyncIterator[PostgresBackend]:
    backend = PostgresBackend(postgres_url, clock)
    yield backend
    await backend.close()


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> SqliteBackend | PostgresBackend:
    backend: SqliteBackend | PostgresBackend = request.getfixturevalue(request.param)
    return backend
