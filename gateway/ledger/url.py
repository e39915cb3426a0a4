"""From `[ledger].url` to the ledger it names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from gateway.ledger.model import LedgerUnavailable, Opening
from gateway.ledger.postgres import PostgresLedger
from gateway.ledger.sqlite import SqliteLedger

Ledger = SqliteLedger | PostgresLedger
Clock = Callable[[], datetime]

_SQLITE: Final = "sqlite:"
_POSTGRES: Final = ("postgresql://", "postgres://")


async def create_ledger(
    url: str, folder: Path, exporter: str, opening: Opening | None = None, *, clock: Clock
) -> Ledger:
    """Start the ledger that `url` names; a relative file lies in `folder`.

    Raises `LedgerUnavailable` where there is one already.
    """
    if url.startswith(_POSTGRES):
        return await PostgresLedger.create(url, exporter, opening, clock=clock)
    path = _path(url, folder)
    return await asyncio.to_thread(SqliteLedger.create, path, exporter, opening, clock=clock)


async def open_ledger(
    url: str, folder: Path, exporter: str, opening: Opening | None = None, *, clock: Clock
) -> Ledger:
    """Open the ledger that `url` names. Raises `LedgerUnavailable`."""
    if url.startswith(_POSTGRES):
        return await PostgresLedger.open(url, exporter, opening, clock=clock)
    path = _path(url, folder)
    return await asyncio.to_thread(SqliteLedger.open, path, exporter, opening, clock=clock)


def _path(url: str, folder: Path) -> Path:
    if not url.startswith(_SQLITE) or url == _SQLITE:
        # The URL may hold a password, so the message does not repeat it.
        raise LedgerUnavailable("ledger.url must begin with sqlite: or postgresql://")
    return folder / url.removeprefix(_SQLITE)
