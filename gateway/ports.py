"""What the export pipeline needs from outside: small contracts, matched by shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from policies.model import Bands, Decision, PolicyInput


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an entry is durable: its index in the log and its leaf hash in hex."""

    seq: int
    leaf: str


class PolicyEngine(Protocol):
    """Decides. Same input, same revision: same answer, byte for byte."""

    @property
    def revision(self) -> str:
        """SHA-256 of the bundle in force, in hex."""
        ...

    async def decide(self, question: PolicyInput) -> Decision:
        """Raise `policies.model.PolicyUnavailable` when no complete decision can be had."""
        ...


class AuditSink(Protocol):
    """The audit log, seen from the pipeline."""

    async def append(self, entries: Sequence[dict[str, Any]]) -> Sequence[Receipt]:
        """Return only once all `entries` are durable, in order, one receipt each.

        An entry of kind `shape` that the log already holds is not written again: its receipt is
        the earlier one's. Raise `audit_log.AuditUnavailable` when durability cannot be had.
        """
        ...


class SubjectLedger(Protocol):
    """Persons counted this year. Subject keys are keyed hashes made by the caller."""

    async def preview(self, general: Sequence[bytes], sensitive: Sequence[bytes]) -> Bands:
        """The bands the year's counts would lie in after adding these persons."""
        ...


class KeyProvider(Protocol):
    """Key material by purpose; versions are never reused."""

    def derive(self, purpose: str, context: str = "", *, version: int | None = None) -> bytes:
        """A 32-byte key for `purpose` and `context` (HKDF-SHA-256, RFC 5869)."""
        ...

    def current(self, purpose: str) -> int:
        """The version in use for `purpose`."""
        ...
