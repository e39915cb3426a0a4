"""What the export pipeline needs from outside: small contracts, matched by shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from audit_log.log import Receipt
from gateway.ledger.model import Edges, Person, Preview, Share, Tally
from policies.model import Bands, Decision, PolicyInput


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

    async def append(self, entries: Sequence[Mapping[str, Any]]) -> Sequence[Receipt]:
        """Return only once all `entries` are durable, in order, one receipt each.

        An entry of kind `shape` that the log already holds is not written again: its receipt is
        the earlier one's. Raise `audit_log.AuditUnavailable` when durability cannot be had.
        """
        ...


class SubjectLedger(Protocol):
    """Persons counted this year, by keyed hashes made by the caller (`gateway.ledger.subjects`)."""

    async def preview(
        self,
        persons: Sequence[Person],
        edges: Edges,
        *,
        export_ref: str = "",
        share: Share | None = None,
    ) -> Preview:
        """What committing `persons` as `export_ref` would do now.

        Raise `gateway.ledger.model.LedgerUnavailable` when no count can be vouched for.
        """
        ...

    async def commit(
        self,
        persons: Sequence[Person],
        bands: Bands,
        *,
        year: int,
        export_ref: str,
        share: Share | None = None,
    ) -> Tally:
        """Count `persons` durably, all or none; the same `export_ref` again counts nobody twice.

        `bands` and `year` (of the preview's tally) are what the decision rested on; `share` is what
        it takes of allowances. Raise `TallyMoved` when a count has left its band, an allowance
        would reach a cap, or the year has turned, counting nobody;
        `LedgerUnavailable` when it cannot be made durable.
        """
        ...


class KeyProvider(Protocol):
    """Key material by purpose; versions are never reused."""

    def derive(self, purpose: str, context: str = "", *, version: int | None = None) -> bytes:
        """A 32-byte key for `purpose` and `context` (HKDF-SHA-256, RFC 5869)."""
        ...

    def current(self, purpose: str) -> int:
        """The version in use for `purpose`."""
        ...
