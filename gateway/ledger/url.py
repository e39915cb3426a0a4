"""From `[ledger].url` to the ledger it names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from gateway.ledger import book, rebuild
from gateway.ledger.model import LedgerUnavailable, Opening, Standing
from gateway.ledger.postgres import PostgresLedger
from gateway.ledger.same_key import LedgerKey
from gateway.ledger.sqlite import SqliteLedger

Ledger = SqliteLedger | PostgresLedger
Clock = Callable[[], datetime]

_SQLITE: Final = "sqlite:"
_POSTGRES: Final = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """Where `exporter` is counted; a relative file lies in `folder`.

    Every method raises `LedgerUnavailable` where no count can be vouched for.
    """

    url: str
    folder: Path
    exporter: str

    @property
    def shared(self) -> bool:
        """Whether several gateways may count in it: a database, started once for all of them."""
        return self.url.startswith(_POSTGRES)

    @property
    def path(self) -> Path:
        """The file of a ledger on this machine."""
        if not self.url.startswith(_SQLITE) or self.url == _SQLITE:
            # The URL may hold a password, so the message does not repeat it.
            raise LedgerUnavailable("ledger.url must begin with sqlite: or postgresql://")
        return self.folder / self.url.removeprefix(_SQLITE)

    async def create(self, opening: Opening | None = None, *, clock: Clock) -> Ledger:
        """Start the ledger and open it; never over another."""
        if self.shared:
            return await PostgresLedger.create(self.url, self.exporter, opening, clock=clock)
        return await asyncio.to_thread(
            SqliteLedger.create, self.path, self.exporter, opening, clock=clock
        )

    async def open(
        self, opening: Opening | None = None, *, clock: Clock, key: LedgerKey | None = None
    ) -> Ledger:
        """Open the ledger. An `opening` for this year replaces the recorded one.

        Gateways that share a ledger give their `key`, which must be the same.
        """
        if self.shared:
            return await PostgresLedger.open(self.url, self.exporter, opening, clock=clock, key=key)
        return await asyncio.to_thread(
            SqliteLedger.open, self.path, self.exporter, opening, clock=clock
        )

    async def standing(self, *, clock: Clock) -> Standing:
        """The year as it stands, also while gateways count."""
        if not self.shared:
            return book.standing(self.path)
        ledger = await PostgresLedger.open(self.url, self.exporter, clock=clock)
        try:
            return await ledger.standing()
        finally:
            await ledger.close()

    async def rebuild(self, *, clock: Clock) -> Standing:
        """Derive what is looked up anew from the journal and check the totals against it."""
        if not self.shared:
            return rebuild.rebuild(self.path, self.exporter, clock())
        ledger = await PostgresLedger.open(self.url, self.exporter, clock=clock)
        try:
            return await ledger.rebuild()
        finally:
            await ledger.close()
