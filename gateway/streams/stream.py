"""An export that arrives in groups: what all its groups share, and what became of its records."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from classifiers.model import Drift, Inspection
from gateway.errors import BadRequest, CannotDecide
from gateway.export import evidence
from gateway.export.idempotency import RequestDigest
from gateway.export.parts import Message
from gateway.export.reviews import Grant, check_same
from gateway.export.stages import Pair, Stages
from gateway.export.transfer import Transfer
from gateway.export.work import Inspected
from gateway.streams.groups import Cut, Framing
from gateway.streams.lines import LINES
from gateway.treatment.stand_ins import TOKEN, StandIn
from policies.model import Outcome, Reason

MAX_RANGES: Final = 200  # how many ranges of held records are kept for the reply

MAX_DRIFT: Final = 64  # departures from the contract that a stream tells of; groups tell theirs
MAX_STAND_INS: Final = 100_000  # held in memory for the answer to one stream

Ranges = list[tuple[int, int]]  # half-open, ascending


@dataclass(frozen=True, slots=True)
class Portion:
    """What leaves of one group, its opening entry durable.

    It comes from the records `first` to `first + span` of the stream; `records` of them leave.
    `end` is how many bytes of the input the stream has come to with it.
    """

    number: int
    entry: int
    first: int
    span: int
    records: int
    end: int
    body: bytes


@dataclass(slots=True)
class Account:
    """What became of a stream's records so far.

    What is not `entered` at the end was refused or, once all was `decided`, has failed.
    """

    accepted: int = 0
    entered: int = 0
    quarantined: int = 0
    decided: bool = False
    bytes_in: int = 0
    first_entry: int = 0
    held: Ranges = field(default_factory=list)
    released: list[Portion] = field(default_factory=list)  # without their bodies
    reasons: dict[Reason, None] = field(default_factory=dict)
    drift: dict[Drift, None] = field(default_factory=dict)
    inspected: Inspection = field(default_factory=lambda: Inspection(0, 0, 0, {}))

    @property
    def left(self) -> int:
        """Records that arrived and are in no opening entry."""
        return self.accepted - self.entered

    def take(self, cut: Cut) -> None:
        """Note a group's arrival."""
        self.accepted += cut.records
        self.bytes_in += cut.size

    def release(self, portion: Portion) -> Portion:
        """Note a group whose opening entry is durable: from now on it needs an outcome."""
        self.entered += portion.span
        self.first_entry = self.first_entry or portion.entry
        self.released.append(replace(portion, body=b""))
        return portion

    def inspect(self, group: Inspection, drift: Sequence[Drift]) -> None:
        """Note what was inspected of a group, and where it departs from the contract."""
        if drift and len(self.drift) < MAX_DRIFT:
            self.drift.update(dict.fromkeys(drift))
        so_far = self.inspected
        self.inspected = replace(
            group,
            bytes=so_far.bytes + group.bytes,
            cells=so_far.cells + group.cells,
            values=so_far.values + group.values,
        )

    def hold(self, numbers: Sequence[int], reasons: Sequence[Reason]) -> None:
        """Note records held back."""
        self.quarantined += len(numbers)
        self.reasons.update(dict.fromkeys(reasons))
        self.held = ranges(numbers, self.held)[:MAX_RANGES]


@dataclass(frozen=True, slots=True)
class Repeated:
    """The opening entry that an earlier run made of a group, with the records it held back."""

    entry: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Stream:
    """`head` is the request without a body; `extra` are facts for each opening entry.

    `ident` is the decision's id, and stays where a stream is taken up again; `run` does not.
    `again` are the groups that have an entry already, by number. `request` is the digest of all
    that has arrived, None where nobody can resend it; `grant` is what it may leave under.
    """

    ident: str
    run: str
    transfer: Transfer  # its deadline is the whole stream's
    head: Message
    group_seconds: float
    extra: Mapping[str, Any] = field(default_factory=dict)
    framing: Framing = LINES
    account: Account = field(default_factory=Account)
    stand_ins: list[Mapping[str, StandIn]] = field(default_factory=list, repr=False)
    again: Mapping[int, Repeated] = field(default_factory=dict)
    request: RequestDigest | None = None
    grant: Grant | None = None

    def check_grant(self, revision: str) -> None:
        """Raise `ApprovalUnusable` where the stream, arrived whole, is not the one approved."""
        if self.grant is not None and self.request is not None:
            check_same(self.grant.review, self.transfer, self.request.hex(), revision)

    def granted(self) -> dict[str, Any]:
        """For the entry that stands for the whole stream, or for its first group."""
        return self.grant.fact() if self.grant else {}

    def group(self) -> Transfer:
        """The transfer of a group that starts now, with a deadline of its own."""
        deadline = min(self.transfer.deadline, time.monotonic() + self.group_seconds)
        return replace(self.transfer, deadline=deadline)

    def reference(self, number: int) -> str:
        """Under which a group's persons are counted: the same however often it is tried."""
        return f"{self.ident}.{number}"

    def keep(self, stand_ins: Mapping[str, StandIn]) -> None:
        """Note what an answer may be restored from: tokens of the first groups.

        A made-up name might be somebody's in another group, so it stands for nobody here.
        """
        if sum(map(len, self.stand_ins)) < MAX_STAND_INS:
            tokens = {text: each for text, each in stand_ins.items() if TOKEN.fullmatch(text)}
            self.stand_ins.extend([tokens] if tokens else [])

    async def inspect(self, stages: Stages, transfer: Transfer, cut: Cut) -> Inspected:
        """Decode and classify one group. Raises a `GatewayError`."""
        try:
            found = await stages.inspect(transfer, replace(self.head, body=cut.body))
        except BadRequest as error:
            where = f"; counted from {cut.start}" if cut.start else ""
            raise BadRequest(f"{error}{where}") from error
        if cut.body and found.records != cut.records:
            raise CannotDecide("the group's records are not those that were cut")
        self.account.inspect(found.inspection, found.drift)
        return found

    async def enter(self, stages: Stages, pairs: Sequence[Pair], facts: dict[str, Any]) -> int:
        """Append a group's opening entry; its index. Raises `AuditFailed`.

        Where nobody waits for it any more it is written all the same, and its records entered.
        """
        try:
            return await stages.append(pairs, facts)
        except asyncio.CancelledError:
            self.account.entered += facts["records"]
            raise

    def facts(
        self, stages: Stages, transfer: Transfer, found: Inspected, cut: Cut
    ) -> dict[str, Any]:
        """What the opening entry of a group states, short of the outcome."""
        before = self.again.get(cut.number)
        again = {} if before is None else {"again": asdict(before)}
        return stages.facts(transfer, found, self.ident) | {
            **self.extra,
            **again,
            **({} if cut.number else self.granted()),
            "stream": self.run,
            "group": cut.number,
            "first": cut.first_record,
            "records": cut.records,
        }

    def whole_facts(self, stages: Stages) -> dict[str, Any]:
        """What the one entry of a stream that is held states, short of the outcome."""
        inspection = evidence.inspection_facts(self.account.inspected, stages.detectors_digest)
        return stages.parties(self.transfer, self.ident) | {
            **self.extra,
            **self.granted(),
            "media": self.head.content_type.partition(";")[0].strip().lower(),
            "bytes_in": self.account.bytes_in,
            "records": self.account.accepted,
            "inspection": inspection,
            **evidence.drift_facts(sorted(self.account.drift)),
        }


def released_facts(
    body: bytes, applied: Sequence[dict[str, Any]], persons: dict[str, Any] | None
) -> dict[str, Any]:
    """What the opening entry of a group that leaves states besides."""
    return {
        "outcome": Outcome.ALLOW.value,
        "released": True,
        "bytes_out": len(body),
        "treatments": applied,
        "persons": persons,
    }


def ranges(numbers: Sequence[int], before: Ranges | None = None) -> Ranges:
    """`before` with ascending `numbers` added."""
    found = list(before or [])
    for number in numbers:
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found
