"""Whether the gateways that share a ledger hash persons with one key.

A gateway with another keyring would count everybody anew: two tallies, each too low to meet a
threshold. The first gateway to open a year leaves a mark of its key; the others must have the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from gateway.keys.keyring import LEDGER
from gateway.ledger.model import CHINA_TIME, LedgerUnavailable
from gateway.ports import KeyProvider

if TYPE_CHECKING:
    import asyncpg

_FIND: Final = "SELECT to_regclass('silkgate_ledger_key') IS NOT NULL"
_SCHEMA: Final = """
SELECT pg_advisory_xact_lock(7305011);  -- two gateways may start at once
CREATE TABLE IF NOT EXISTS silkgate_ledger_key (
    ledger int PRIMARY KEY REFERENCES silkgate_ledger, version int NOT NULL, mark text NOT NULL);
"""
_KNOWN: Final = "SELECT version, mark FROM silkgate_ledger_key WHERE ledger = $1"
_NOTE: Final = (
    "INSERT INTO silkgate_ledger_key VALUES ($1, $2, $3) "
    "ON CONFLICT (ledger) DO UPDATE SET version = $2, mark = $3"
)


class LedgerKey(Struct, frozen=True):
    """Which key a gateway hashes persons with. `mark` is derived from it and does not tell it."""

    version: int
    mark: str

    @classmethod
    def of(cls, keys: KeyProvider) -> LedgerKey:
        """The key in force. Raises `KeyUnavailable`."""
        version = keys.current(LEDGER)
        return cls(version, keys.derive(LEDGER, "mark", version=version).hex())


async def agree(connection: asyncpg.Connection, ledger: int, key: LedgerKey, now: datetime) -> None:
    """Raise `LedgerUnavailable` where the year `ledger`, whose row is locked, has another key.

    On 1 January, when keys are rotated, a newer version takes the older one's place.
    """
    if not await connection.fetchval(_FIND):
        await connection.execute(_SCHEMA)
    known = await connection.fetchrow(_KNOWN, ledger)
    if known is not None and known["mark"] == key.mark:
        return
    today = now.astimezone(CHINA_TIME)
    rotated = (today.month, today.day) == (1, 1)
    if known is None or (rotated and key.version > known["version"]):
        await connection.execute(_NOTE, ledger, key.version, key.mark)
        return
    raise LedgerUnavailable(
        f"this gateway's ledger key (version {key.version}) is not the one that the other gateways "
        f"of this database hash persons with (version {known['version']}): each would count "
        "everybody anew. Give it their keys: copy all but node.* from a gateway that runs to "
        "[keys].dir, or let both ask the same [keys.kms]"
    )
