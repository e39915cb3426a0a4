"""Which entries somebody wants to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audit_log import reader
from audit_log.entry import decode

_END = 2**63


@dataclass(frozen=True, slots=True)
class Selection:
    """Conditions on entries; None asks for nothing. Times are microseconds since 1970, UTC."""

    kind: str | None = None
    route: str | None = None
    destination: str | None = None
    category: str | None = None
    outcome: str | None = None
    decision_id: str | None = None
    since_us: int = 0
    until_us: int = _END

    def entries(self, directory: Path) -> Iterator[bytes]:
        """Canonical bytes of the entries in `directory` that match, in order.

        Raises `LogDamaged`.
        """
        return (data for _, data in reader.entries(directory) if self.matches(decode(data)))

    def matches(self, entry: Mapping[str, Any]) -> bool:
        """Whether `entry` meets all conditions."""
        if not self.since_us <= entry["ts_us"] < self.until_us:
            return False
        for name in ("kind", "route", "destination", "decision_id"):
            wanted = getattr(self, name)
            if wanted is not None and entry.get(name) != wanted:
                return False
        if self.outcome is not None and self.outcome not in (
            entry.get("outcome"),
            entry.get("status"),
        ):
            return False
        treated = (item["category"] for item in entry.get("treatments", ()))
        return self.category is None or self.category in treated


def micros(text: str) -> int:
    """An ISO 8601 time (UTC where it names no offset) in microseconds. Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1_000_000)
