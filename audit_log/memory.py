"""What a running log remembers of its entries, learnt the same way when writing and recovering."""

from __future__ import annotations

import msgspec

from audit_log.entry import Draft, Header
from audit_log.errors import LogDamaged


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """Proof that an entry is durable: its index in the log and its leaf hash in hex."""

    seq: int
    leaf: str


Told = Draft | Header


class Memory:
    """Size, last time stamp, known shapes and exports still without an outcome."""

    def __init__(self) -> None:
        self.size = 0
        self.ts_us = 0
        self.shapes: dict[str, Receipt] = {}
        self.unfinished: dict[int, None] = {}  # seqs, in order

    def learn(self, header: Header, leaf: bytes) -> Receipt:
        """Take note of the next entry. Raises `LogDamaged` where it cannot be the next."""
        if header.seq != self.size or header.ts_us < self.ts_us:
            raise LogDamaged(f"entry {self.size}: its sequence number or time does not follow on")
        return self.note(header, header.seq, header.ts_us, leaf)

    def note(self, told: Told, seq: int, ts_us: int, leaf: bytes) -> Receipt:
        """Take note of the next entry, whose number and time `told` need not tell."""
        receipt = Receipt(seq, leaf.hex())
        self.size, self.ts_us = seq + 1, ts_us
        if told.opens_export:
            self.unfinished[seq] = None
        elif told.closes_export is not None:
            self.unfinished.pop(told.closes_export, None)
        elif told.holds_shape is not None:
            self.shapes.setdefault(told.holds_shape, receipt)
        return receipt

    def skip(self, size: int, ts_us: int) -> None:
        """Pass over entries that retention has dropped."""
        self.size, self.ts_us = size, max(self.ts_us, ts_us)
