"""Accounting: every export that may have left has one outcome, and no outcome comes from nowhere.

accepted = delivered + denied + refused + ... + unknown: whatever the statuses are called, the
exports not yet closed by one of them are the remainder, and it is named. That nothing was left
out before it reached the log shows in `counters` entries: whoever sends requests on counts them
by itself, and may never have sent more than the log had released.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from audit_log.entry import Header
from audit_log.sealed import Dropped


@dataclass(slots=True)
class Accounts:
    """Counts over the entries seen so far, in order."""

    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    unfinished: dict[int, None] = field(default_factory=dict)  # released exports, by seq
    released: int = 0  # exports released since the last `start`
    erased: set[int] = field(default_factory=set)  # vault rows, by the entries that say so
    dropped: set[tuple[int, int]] = field(default_factory=set)  # ranges of entries, likewise
    rotations: dict[int, str] = field(default_factory=dict)  # new key, by seq

    def take(self, headers: Sequence[Header]) -> list[tuple[int, str]]:
        """Count entries; return (seq, fault) for each that does not add up."""
        self.kinds.update([header.kind for header in headers])
        faults = []
        for header in headers:
            kind = header.kind
            if kind == "export":
                if header.released:
                    self.unfinished[header.seq] = None
                    self.released += 1
            elif kind == "outcome":
                if not self._close(header):
                    what = f"outcome {header.seq} closes no export that is released and open"
                    faults.append((header.seq, what))
            elif header.forwarded is not None and header.forwarded > self.released:
                what = f"{header.forwarded} exports were sent, {self.released} released"
                faults.append((header.seq, f"counters {header.seq}: {what}"))
            else:
                self._note(header)
        return faults

    def _close(self, header: Header) -> bool:
        self.statuses[header.status or "unstated"] += 1
        if header.export is None or header.export not in self.unfinished:
            return False
        del self.unfinished[header.export]
        return True

    def _note(self, header: Header) -> None:
        if header.kind == "start":
            self.released = 0
        elif header.kind == "erase":
            self.erased.update(header.rows)
        elif header.kind == "retention" and header.first is not None and header.end is not None:
            self.dropped.add((header.first, header.end))
        elif header.kind == "rotation" and header.new is not None:
            self.rotations[header.seq] = header.new

    def pass_over(self, first: int, dropped: Dropped) -> None:
        """Account for a segment from `first` on whose entries were dropped."""
        gone = {*dropped.closed, *range(first, first + dropped.count)} - {*dropped.open}
        still = [seq for seq in self.unfinished if seq not in gone]
        self.unfinished = dict.fromkeys([*still, *dropped.open])
        self.released = dropped.released + (0 if dropped.started else self.released)
