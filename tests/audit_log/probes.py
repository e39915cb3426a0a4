"""Proofs, right and wrong in the ways that verifiers have been caught out by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from audit_log import strict64, tree
from audit_log.tree import ProofInvalid

_FLIPPED_BIT = 0x10
_MOST = 2**63 - 1


@dataclass(frozen=True)
class Probe:
    """`first` and `second` are index and size, or two sizes; `before` a leaf hash or old root."""

    kind: str
    first: int
    second: int
    before: bytes
    after: bytes
    proof: tuple[bytes, ...]

    def holds(self) -> bool:
        """What our verifier says."""
        try:
            if self.kind == "inclusion":
                tree.verify_inclusion(self.before, self.first, self.second, self.proof, self.after)
            else:
                tree.verify_consistency(
                    self.first, self.second, self.proof, self.before, self.after
                )
        except ProofInvalid:
            return False
        return True

    def line(self) -> bytes:
        """For the outside verifier."""
        facts = {"Kind": self.kind, "First": self.first, "Second": self.second}
        facts |= {"Before": strict64.encode(self.before), "After": strict64.encode(self.after)}
        facts["Proof"] = [strict64.encode(step) for step in self.proof]
        return json.dumps(facts).encode() + b"\n"

    def mutations(self) -> Iterator[Probe]:
        """Every way in which one part of it is not as it should be."""
        yield from self._of_proof()
        for first in {self.first + by for by in (-1, 1)} | {self.first ^ 2, 0, self.second, _MOST}:
            yield replace(self, first=max(first, 0))
        for second in {self.second * 2, self.second // 2, self.second + 1, self.first, 0, _MOST}:
            yield replace(self, second=second)
        yield replace(self, before=self.after, after=self.before)
        for wrong in (bytes(32), b"", self.after[:31], tree.EMPTY_ROOT):
            yield replace(self, before=wrong)
            yield replace(self, after=wrong)

    def _of_proof(self) -> Iterator[Probe]:
        proof = self.proof
        for at, step in enumerate(proof):
            flipped = bytes([step[0] ^ _FLIPPED_BIT]) + step[1:]
            for wrong in (flipped, step[:31], step + b"\x00", b""):
                yield replace(self, proof=(*proof[:at], wrong, *proof[at + 1 :]))
        others = [b"", b"garbage", bytes(32), self.before, self.after, *proof[:1], *proof[-1:]]
        for other in others:
            yield replace(self, proof=(other, *proof))
            yield replace(self, proof=(*proof, other))
        yield replace(self, proof=())
        yield replace(self, proof=proof[:-1])
        yield replace(self, proof=proof[1:])
        yield replace(self, proof=proof[::-1])
