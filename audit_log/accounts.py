"""Accounting: every export that may have left has one outcome, and no outcome comes from nowhere.

accepted = delivered + denied + refused + ... + unknown: whatever the statuses are called, the
exports not yet closed by one of them are the remainder, and it is named.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from audit_log.entry import Header


@dataclass(slots=True)
class Accounts:
    """Counts over the entries seen so far, in order."""

    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    unfinished: dict[int, None] = field(default_factory=dict)  # released exports, by seq

    def take(self, header: Header) -> str | None:
        """Count one entry; return what is wrong with it, if anything is."""
        self.kinds[header.kind] += 1
        if header.opens_export:
            self.unfinished[header.seq] = None
        elif header.kind == "outcome":
            self.statuses[header.status or "unstated"] += 1
            if header.export is None or header.export not in self.unfinished:
                return f"outcome {header.seq} closes no export that is released and open"
            del self.unfinished[header.export]
        return None
