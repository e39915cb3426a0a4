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
from itertools import zip_longest

from audit_log.entry import Header, Survey
from audit_log.sealed import Dropped


@dataclass(slots=True)
class Accounts:
    """Counts over the entries from `since` on that were seen so far, in order.

    What only the entries before can tell of is kept for `join`.
    """

    since: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    unfinished: dict[int, None] = field(default_factory=dict)  # released exports, by seq
    released: int = 0  # exports released since the last `start`
    erased: set[int] = field(default_factory=set)  # vault rows, by the entries that say so
    dropped: set[tuple[int, int]] = field(default_factory=set)  # ranges of entries, likewise
    rotations: dict[int, str] = field(default_factory=dict)  # new key, by seq
    started: bool = False  # whether a `start` was seen
    closed: list[tuple[int, int]] = field(default_factory=list)  # (outcome, export before `since`)
    sent: list[tuple[int, int, int]] = field(default_factory=list)  # counters before a `start`

    def take(self, headers: Sequence[Header]) -> list[tuple[int, str]]:
        """Count entries; return (seq, fault) for each that does not add up."""
        self.kinds.update([header.kind for header in headers])
        return [fault for header in headers for fault in self._take(header)]

    def take_stock(self, survey: Survey) -> list[tuple[int, str]]:
        """`take` of entries that were surveyed."""
        faults = []
        kinds = Counter([header.kind for header in survey.others])
        for stretch, other in zip_longest(survey.stretches, survey.others):
            kinds["export"] += stretch.exports
            kinds["outcome"] += len(stretch.outcomes)
            self.unfinished.update(dict.fromkeys(stretch.released))
            self.released += len(stretch.released)
            for seq, export, status in stretch.outcomes:
                faults += self._close(seq, export, status)
            if other is not None:
                faults += self._take(other)
        self.kinds += kinds  # those that are there
        return faults

    def _take(self, header: Header) -> list[tuple[int, str]]:
        kind = header.kind
        if kind == "export":
            if header.released:
                self.unfinished[header.seq] = None
                self.released += 1
        elif kind == "outcome":
            return self._close(header.seq, header.export, header.status)
        elif header.forwarded is not None:
            return self._compare(header.seq, header.forwarded, self.released)
        else:
            self._note(header)
        return []

    def join(self, later: Accounts) -> list[tuple[int, str]]:
        """Add the counts over the entries that follow; return the faults that show only now."""
        faults: list[tuple[int, str]] = []
        for seq, export in later.closed:
            faults += self._match(seq, export)
        for seq, forwarded, released in later.sent:
            faults += self._compare(seq, forwarded, self.released + released)
        self.kinds.update(later.kinds)
        self.statuses.update(later.statuses)
        self.unfinished |= later.unfinished
        self.released = later.released + (0 if later.started else self.released)
        self.started |= later.started
        self.erased |= later.erased
        self.dropped |= later.dropped
        self.rotations |= later.rotations
        return faults

    def _close(self, seq: int, export: int | None, status: str | None) -> list[tuple[int, str]]:
        self.statuses[status or "unstated"] += 1
        return self._match(seq, export)

    def _match(self, seq: int, export: int | None) -> list[tuple[int, str]]:
        if export is not None and export < self.since:
            self.closed.append((seq, export))
        elif export is None or export >= seq or export not in self.unfinished:
            return [(seq, f"outcome {seq} closes no export that is released and open")]
        else:
            del self.unfinished[export]
        return []

    def _compare(self, seq: int, forwarded: int, released: int) -> list[tuple[int, str]]:
        """Hold the sender's count to the log's."""
        if self.since and not self.started:
            self.sent.append((seq, forwarded, released))
        elif forwarded > released:
            return [(seq, f"counters {seq}: {forwarded} exports were sent, {released} released")]
        return []

    def _note(self, header: Header) -> None:
        if header.kind == "start":
            self.released, self.started = 0, True
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
