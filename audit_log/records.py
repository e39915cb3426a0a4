"""Accounting in records: each that was accepted is, in the end, exactly one thing.

accepted = delivered + denied + refused + quarantined + under review + failed + aborted + unknown
+ open. Accepted is what opening entries, refusals and the ends of streams say came in; the rest
is what became of it. A stream states its sum once more at its end, which its groups must meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

_HELD = {"deny": "denied", "review": "under_review"}


class _Again(msgspec.Struct, frozen=True, gc=False):
    entry: int
    quarantined: int = 0


class _Line(msgspec.Struct, frozen=True, gc=False):
    kind: str
    seq: int
    records: int | None = None
    quarantined: int = 0
    released: bool = False
    outcome: str = ""
    export: int = -1
    status: str = ""
    stream: str = ""
    accepted: int = 0
    refused: int = 0
    failed: int = 0
    again: _Again | None = None  # the group's entry in a run that ended before it had left


_LINES = msgspec.json.Decoder(_Line)


@dataclass(slots=True)
class RecordAccounts:
    """Records accepted, what became of them, and where the entries contradict each other."""

    accepted: int = 0
    became: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _open: dict[int, int] = field(default_factory=dict)  # records under way, by opening entry
    _held: dict[int, int] = field(default_factory=dict)  # records held back, by opening entry
    _streams: Counter[str] = field(default_factory=Counter)  # accepted so far, by stream

    @property
    def closes(self) -> bool:
        """Whether every accepted record is accounted for once."""
        return not self.faults and self.accepted == sum(self.became.values()) + self.open

    @property
    def open(self) -> int:
        """Records that may have left and have no outcome yet."""
        return sum(self._open.values())

    def as_dict(self) -> dict[str, Any]:
        """The accounts as JSON types."""
        return {
            "accepted": self.accepted,
            "became": dict(self.became),
            "open": self.open,
            "closes": self.closes,
            "faults": self.faults,
        }

    def take(self, line: _Line) -> None:
        """Account for the next entry."""
        if line.kind == "export":
            self._opened(line)
        elif line.kind == "outcome":
            self._closed(line)
        elif line.kind == "refusal":
            refused = 1 if line.records is None else line.records
            self.accepted += refused
            self._became("refused", refused)
        elif line.kind == "stream":
            self._ended(line)

    def _became(self, what: str, records: int) -> None:
        if records:
            self.became[what] += records

    def _opened(self, line: _Line) -> None:
        records = line.records or 0
        self.accepted += records
        self._streams[line.stream] += records if line.stream else 0
        self._became("quarantined", line.quarantined)
        if line.quarantined:
            self._held[line.seq] = line.quarantined
        if line.again is not None:
            self._repeat(line.seq, line.again)
        leaving = records - line.quarantined
        if leaving < 0:
            self.faults.append(f"entry {line.seq} holds back more records than it has")
        if line.released:
            self._open[line.seq] = leaving
        else:
            self._became(_HELD.get(line.outcome, "denied"), leaving)

    def _repeat(self, seq: int, again: _Again) -> None:
        """What an earlier run held back of a group came in once, and is held once."""
        if self._held.pop(again.entry, 0) != again.quarantined:
            self.faults.append(f"entry {seq} repeats entry {again.entry}, which held back others")
        else:
            self.accepted -= again.quarantined
            self._became("quarantined", -again.quarantined)

    def _closed(self, line: _Line) -> None:
        opened = self._open.pop(line.export, None)
        if opened is None:
            return  # its opening entry has been dropped; the log's verification judges the rest
        if line.records is not None and line.records != opened:
            self.faults.append(
                f"outcome {line.seq} is of {line.records} records, entry {line.export} of {opened}"
            )
        self._became(line.status or "unknown", opened)

    def _ended(self, line: _Line) -> None:
        rest = line.refused + line.failed
        self.accepted += rest
        self._became("refused", line.refused)
        self._became("failed", line.failed)
        entered = self._streams.pop(line.stream, 0)
        if line.accepted != entered + rest:
            self.faults.append(
                f"stream {line.stream} took in {line.accepted} records, "
                f"its entries account for {entered + rest}"
            )


def account(entries: Iterable[bytes]) -> RecordAccounts:
    """The accounts of a log's entries, as canonical bytes in their order."""
    accounts = RecordAccounts()
    for data in entries:
        accounts.take(_LINES.decode(data))
    return accounts
