"""What became of a stream's groups once they were handed to whoever carries them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from gateway.export import evidence
from gateway.export.counters import Counters
from gateway.export.evidence import Entry
from gateway.ports import AuditSink
from gateway.streams.stream import Portion, Ranges, Stream

BATCH: Final = 256  # the most entries that the log takes in one call


class Delivery:
    """Watches the groups of one stream go by; `close` writes their outcomes."""

    def __init__(self, stream: Stream, counters: Counters) -> None:
        self._stream, self._counters = stream, counters
        self._begun = 0  # groups of which a byte may have left
        self._handed = 0  # groups handed over whole
        self.complete = False

    @property
    def first_entry(self) -> int | None:
        """The opening entry of the first group that leaves."""
        released = self._stream.account.released
        return released[0].entry if released else None

    async def bodies(self, portions: AsyncIterator[Portion]) -> AsyncIterator[bytes]:
        """The groups' bytes; asking for the next one means that the last was handed over."""
        async for portion in portions:
            self.begin()
            if portion.body:  # an empty chunk would end the message (RFC 9112 §7.1)
                yield portion.body
            self.hand_over()
        self.complete = True

    def begin(self) -> None:
        """From now on bytes of the next group may have left."""
        self._begun += 1
        self._counters.forward()

    def hand_over(self) -> None:
        """The group begun last has left whole."""
        self._handed += 1

    def sent(self) -> Ranges:
        """The ranges of records whose groups were handed over whole."""
        return spans(self._stream.account.released[: self._handed])

    async def close(
        self,
        audit: AuditSink,
        status: str,
        *,
        ended: str | None = None,
        http_status: int | None = None,
        **facts: Any,
    ) -> None:
        """Write the stream's end, with `facts`, and the outcome of each group.

        `status` holds for the groups of which a byte may have left (the others have failed), and
        for the stream where it did not end otherwise (`ended`).
        Raises `AuditUnavailable`.
        """
        account = self._stream.account
        answered = {} if http_status is None else {"http_status": http_status}
        entries: list[Entry] = [
            evidence.stream_entry(
                self._stream.run,
                ended or (status if self._begun or status == "delivered" else "failed"),
                accepted=account.accepted,
                refused=0 if account.decided else account.left,
                failed=account.left if account.decided else 0,
                quarantined=account.quarantined,
                sent=self.sent(),
                **evidence.drift_facts(sorted(account.drift)),
                **facts,
            )
        ]
        entries += [
            evidence.outcome_entry(
                portion.entry,
                status if place < self._begun else "failed",
                records=portion.records,
                **answered,
            )
            for place, portion in enumerate(account.released)
        ]
        for first in range(0, len(entries), BATCH):
            await audit.append(entries[first : first + BATCH])


def spans(portions: list[Portion]) -> Ranges:
    """The records that `portions` were cut from, as ranges."""
    found: Ranges = []
    for portion in portions:
        end = portion.first + portion.span
        if found and found[-1][1] == portion.first:
            found[-1] = (found[-1][0], end)
        else:
            found.append((portion.first, end))
    return found
