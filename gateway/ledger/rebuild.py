"""Getting a ledger back: exactly from its journal, or in totals only from the audit log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from gateway.ledger.book import Book, failing_closed, standing
from gateway.ledger.model import CHINA_TIME, Headcount, Opening, Standing


class LogTotals(Struct, frozen=True):
    """What the audit log knows of a year: how many, not who."""

    year: int
    counted: Headcount  # opening included
    exempt: Mapping[str, Headcount]

    def opening(self, now: datetime) -> Opening:
        """The opening balance of a ledger started anew: everyone exported from now on is new."""
        return Opening(
            year=self.year,
            general=self.counted.general,
            sensitive=self.counted.sensitive,
            as_of=now.astimezone(CHINA_TIME).date(),
            evidence="rebuilt from the audit log: totals only, every person counts as new",
        )


def rebuild(path: Path, exporter: str, now: datetime) -> Standing:
    """Derive the index at `path` anew from the journal and check the totals against it.

    Exact. Raises `LedgerUnavailable` where the ledger is in use, or its journal damaged or short.
    """
    with failing_closed(), closing(Book(path, exporter, None, now, anew=True)) as book:
        book.verify()
    return standing(path)


def rebuild_from_log(tallies: Iterable[Mapping[str, Any]], year: int) -> LogTotals:
    """The totals of `year` from its exports' `gateway.export.evidence.tally_facts`, in any order.

    A tally never falls, so the highest is the last.
    """
    general = sensitive = 0
    exempt: dict[str, Headcount] = defaultdict(Headcount)
    for tally in tallies:
        if tally["year"] != year:
            continue
        general = max(general, tally["after"]["general"])
        sensitive = max(sensitive, tally["after"]["sensitive"])
        for article, new in tally["exempt"].items():
            before = exempt[article]
            exempt[article] = Headcount(
                before.general + new["general"], before.sensitive + new["sensitive"]
            )
    return LogTotals(year, Headcount(general, sensitive), dict(exempt))
