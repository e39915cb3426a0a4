"""What the sender counts by itself, so that the log can be held to it.

Whoever hands exports on counts them without asking the log, and says so in the log now and then:
more sent than the log had released means that entries are missing (`audit_log.accounts`).
"""

from __future__ import annotations

from collections import Counter

from gateway.export import evidence
from gateway.ports import AuditSink


class Counters:
    """Counts since this process started."""

    def __init__(self) -> None:
        self._strangers: Counter[str] = Counter()  # since they were last noted
        self._forwarded = 0
        self._noted = 0

    def stranger(self, code: str) -> None:
        """A request of nobody known was turned away with `code`."""
        self._strangers[code] += 1

    def forward(self) -> None:
        """An export, or a group of a stream, is about to leave."""
        self._forwarded += 1

    async def note(self, audit: AuditSink) -> None:
        """Write one entry if anything has changed since the last. Raises `AuditUnavailable`."""
        if not self._strangers and self._forwarded == self._noted:
            return
        counts, self._strangers = self._strangers, Counter()
        self._noted = self._forwarded
        await audit.append([evidence.counters_entry(counts, self._forwarded)])
