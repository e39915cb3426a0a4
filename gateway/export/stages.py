"""The stages of an export, one method each, for a whole body and for a group of a stream alike.

inspect -> rule (round 1: treatments, exemptions) -> subjects -> rule with bands (round 2: the
mechanism) -> treat -> commit -> append. `gateway.export.pipeline` puts them in order for a whole
body, `gateway.streams` for groups.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import structlog
from msgspec import UNSET, UnsetType, structs

from audit_log.errors import AuditUnavailable
from classifiers.classify import Classifier
from gateway.errors import AuditFailed, CannotDecide
from gateway.export import evidence
from gateway.export.commitments import Commitments
from gateway.export.evidence import Entry
from gateway.export.headcount import NOTHING, headcount, leaving
from gateway.export.parts import Message
from gateway.export.signature import Signatures
from gateway.export.transfer import Transfer, china_today
from gateway.export.work import Inspected, Outgoing, Work
from gateway.keys.keyring import OPERATOR_KEYS, KeyUnavailable
from gateway.ledger.model import Caps, Edges, LedgerUnavailable, Person, Share, year_of
from gateway.ledger.subjects import Subjects
from gateway.ports import AuditSink, KeyProvider, PolicyEngine, SubjectLedger
from policies.beside import Beside
from policies.model import Band, Bands, Decision, Outcome, PolicyInput, PolicyUnavailable, Reason

log = structlog.get_logger(__name__)

UNBOUNDED: Final = Bands(general=Band(0, None), sensitive=Band(0, None))
ROUNDS: Final = 3  # how often an export is decided again when another one moved the counts
_LATE: Final = (
    "no decision was had within the deadline (`deadline_seconds`: that of [limits] for an export "
    "or a group of records, that of [streams] for a whole stream); nothing was sent"
)

Pair = tuple[PolicyInput, Decision, int]  # what was asked, the answer, of how many records


@dataclass(frozen=True, slots=True)
class Ruling:
    """What policy said of each signature, and of the records together."""

    groups: Signatures
    questions: Sequence[PolicyInput]
    decisions: Sequence[Decision]

    @property
    def outcome(self) -> Outcome:
        """The strictest outcome of any signature."""
        outcomes = {outcome_of(decision) for decision in self.decisions}
        return next((o for o in (Outcome.DENY, Outcome.REVIEW) if o in outcomes), Outcome.ALLOW)

    def reasons(self) -> list[Reason]:
        """The reasons of the signatures that decided the outcome, each once."""
        deciding = [d for d in self.decisions if outcome_of(d) is self.outcome]
        return list(dict.fromkeys(reason for d in deciding for reason in d.reasons))

    def pairs(self) -> list[Pair]:
        """Question, answer and number of records of each signature."""
        return list(zip(self.questions, self.decisions, self.groups.sizes(), strict=True))

    def held(self) -> list[bool]:
        """For each record, whether it stays."""
        stays = [outcome_of(decision) is not Outcome.ALLOW for decision in self.decisions]
        return [stays[index] for index in self.groups.assignment]

    def persons(self, whose: Subjects) -> list[Person]:
        """The persons that count, or pass exempt, if the records that are allowed leave."""
        return self._persons(whose, {Outcome.ALLOW})

    def candidates(self, whose: Subjects) -> list[Person]:
        """Those that may come to count: before the count is known, policy can only review it."""
        return self._persons(whose, {Outcome.ALLOW, Outcome.REVIEW})

    def _persons(self, whose: Subjects, outcomes: set[Outcome]) -> list[Person]:
        found = [
            leaving(fields, decision) if outcome_of(decision) in outcomes else NOTHING
            for fields, decision in zip(self.groups.fields, self.decisions, strict=True)
        ]
        return headcount(whose, found, self.groups.assignment)


def outcome_of(decision: Decision) -> Outcome:
    """The outcome for records that `decision` holds for; a treatment with `hold` keeps them."""
    if decision.outcome is Outcome.ALLOW:
        for each in decision.treatments:  # asked several times an export
            if each.hold:
                return Outcome.DENY
    return decision.outcome


def caps(bands: Bands) -> Bands:
    """The upper edges of `bands` alone: a lower count than decided on is no danger."""
    return Bands(general=Band(0, bands.general.below), sensitive=Band(0, bands.sensitive.below))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The stages and what they need. `now` gives an aware time.

    A reload makes new ones: an export keeps those it began with.
    """

    work: Work
    classifier: Classifier
    engine: PolicyEngine
    ledger: SubjectLedger
    edges: Edges
    allowances: Caps
    audit: AuditSink
    keys: KeyProvider
    commitments: Commitments
    detectors_digest: str
    now: Callable[[], datetime]
    candidate: Beside | None = None
    shapes: evidence.Shapes = field(default_factory=evidence.Shapes)

    async def inspect(self, transfer: Transfer, message: Message) -> Inspected:
        """Decode and classify. Raises `BadRequest`, `MediaRefused` or `CannotDecide`."""
        dated = replace(transfer, day=china_today(self.now()))
        return await self.work.inspect(dated, message, self._key_versions())

    async def rule(self, transfer: Transfer, groups: Signatures, bands: Bands | None) -> Ruling:
        """One decision a signature: without `bands` the first round, with them the second."""
        now = self.now()
        opaque = groups.opaque
        questions = [transfer.question(list(f), now, bands, opaque) for f in groups.fields]
        return Ruling(groups, questions, [await self.decide(question) for question in questions])

    async def decide(self, question: PolicyInput) -> Decision:
        """The policy's answer. Raises `CannotDecide`."""
        try:
            return await self.engine.decide(question)
        except PolicyUnavailable as error:
            raise CannotDecide(f"the policy gave no decision: {error}") from error

    def share(self, ruling: Ruling, found: Inspected) -> Share | None:
        """What the message takes of the allowances that its decisions name; None of none."""
        duties = {duty for decision in ruling.decisions for duty in decision.obligations}
        of = {name: self.allowances[name] for name in sorted(duties & self.allowances.keys())}
        return Share(of, max(found.records, 1), found.message.size) if of else None

    async def second_round(
        self, transfer: Transfer, first: Ruling, whose: Subjects, share: Share | None
    ) -> tuple[Ruling, Bands, int]:
        """The ruling with this year's bands, and the year; the first where nothing counts."""
        persons = first.candidates(whose)
        counting = not all(person.exempt for person in persons)
        if not counting and share is None:
            return first, UNBOUNDED, year_of(self.now())
        with ledger_errors():
            preview = await self.ledger.preview(persons, self.edges, share=share)
        for near in preview.warnings:
            log.warning("tally near a threshold", tally=near.kind, count=near.count, edge=near.edge)
        unaccounted = counting and preview.opening_missing
        ruling = await self.rule_again(transfer, first, preview.bands, unaccounted=unaccounted)
        return ruling, preview.bands, preview.tally.year

    async def rule_again(
        self, transfer: Transfer, first: Ruling, bands: Bands, *, unaccounted: bool
    ) -> Ruling:
        """The second round.

        Where part of the year is `unaccounted` for, only allowances are known: they may tighten.
        """
        if not unaccounted:
            return await self.rule(transfer, first.groups, bands)
        if isinstance(bands.within, UnsetType):
            return first
        within = structs.replace(UNBOUNDED, within=bands.within)
        second = await self.rule(transfer, first.groups, within)
        later = [outcome_of(decision) is Outcome.ALLOW for decision in first.decisions]
        return Ruling(
            first.groups,
            [
                (b if use else a)
                for a, b, use in zip(first.questions, second.questions, later, strict=True)
            ],
            [
                (b if use else a)
                for a, b, use in zip(first.decisions, second.decisions, later, strict=True)
            ],
        )

    async def subjects(self, transfer: Transfer, found: Inspected) -> Subjects:
        """Whose data the message holds. Raises `CannotDecide`."""
        return await self.work.subjects(transfer, found)

    async def treat(
        self, transfer: Transfer, found: Inspected, ruling: Ruling, *, head_sent: bool = False
    ) -> Outgoing:
        """The outgoing message, checked afresh. Raises `CannotDecide`.

        With `head_sent`, only the body can still be changed: raises `Unprocessable` otherwise.
        """
        return await self.work.treat(transfer, found, ruling.decisions, head_sent=head_sent)

    async def append(self, pairs: Sequence[Pair], facts: dict[str, Any]) -> int:
        """Make the shapes and the opening entry durable; its index. Raises `AuditFailed`.

        Where the deadline passes meanwhile, the entry may be written all the same: it then gets
        the outcome `failed`, for nothing was sent.
        """
        if self.candidate is not None:
            for question, decision, _ in pairs:
                self.candidate.compare(question, decision)
        shapes = self._grouped(pairs, facts, "groups")
        if would_be := await self._would_be(pairs):
            shapes += self._grouped(would_be, facts, "would_be")
        facts |= evidence.flag_facts([decision for _, decision, _ in pairs])
        appending = asyncio.ensure_future(self.audit.append([*shapes, facts]))
        try:
            receipts = await asyncio.shield(appending)
        except AuditUnavailable as error:
            raise AuditFailed("the audit log cannot be made durable; nothing was sent") from error
        except asyncio.CancelledError:
            if facts["released"]:
                _abandoned.add(task := asyncio.ensure_future(self._give_up(appending)))
                task.add_done_callback(_abandoned.discard)
            raise
        return receipts[-1].seq

    def _grouped(self, pairs: Sequence[Pair], facts: dict[str, Any], name: str) -> list[Entry]:
        """The shapes of `pairs`, which `facts` refer to under `name`."""
        shapes = [self.shapes.entry(self.engine.revision, q, decision) for q, decision, _ in pairs]
        facts[name] = evidence.group_facts(
            [shape["shape"] for shape in shapes],
            [outcome_of(decision).value for _, decision, _ in pairs],
            [size for _, _, size in pairs],
        )
        return shapes

    async def _would_be(self, pairs: Sequence[Pair]) -> list[Pair]:
        """What is decided where no route is in shadow mode; nothing for other routes."""
        asked = [
            (structs.replace(question, mode=UNSET), size)
            for question, _, size in pairs
            if question.mode == "shadow"
        ]
        return [(question, await self.decide(question), size) for question, size in asked]

    async def _give_up(self, appending: asyncio.Future[Any]) -> None:
        """Close an export whose opening entry nobody waits for any more."""
        try:
            receipts = await appending
            await self.audit.append([evidence.outcome_entry(receipts[-1].seq, "failed")])
        except AuditUnavailable:
            return  # the next start closes it as unknown

    def facts(self, transfer: Transfer, found: Inspected, decision_id: str) -> dict[str, Any]:
        """What the opening entry of a whole body or a group states, short of the outcome."""
        message = found.message
        return self.parties(transfer, decision_id) | {
            "bytes_in": message.size,
            "records": found.records,
            "media": message.media,
            "keys": dict(found.key_versions),
            "commitment": self.commitments.incoming(message.body),
            "inspection": evidence.inspection_facts(found.inspection, self.detectors_digest),
            **evidence.opaque_facts(found.groups.opaque),
            **evidence.drift_facts(found.drift),
        }

    def parties(self, transfer: Transfer, decision_id: str) -> dict[str, Any]:
        """What every opening entry states: who sends what kind of thing to whom."""
        route = transfer.route
        return {
            "kind": "export",
            "rid": transfer.rid,
            "decision_id": decision_id,
            "caller": transfer.caller,
            "method": transfer.method,
            "exporter": route.template.exporter.id,
            "route": route.name,
            "origin": route.template.origin,
            "destination": route.settings.destination,
            "recipient": route.settings.recipient,
            "purpose": route.settings.purpose,
            "revision": self.engine.revision,
        }

    def _key_versions(self) -> dict[str, int]:
        try:
            return {purpose: self.keys.current(purpose) for purpose in OPERATOR_KEYS}
        except KeyUnavailable as error:
            raise CannotDecide(f"no keys can be had: {error}") from error


_abandoned: Final[set[asyncio.Future[None]]] = set()  # a task nobody holds may be collected


@contextmanager
def ledger_errors() -> Iterator[None]:
    """Turn a ledger that cannot be used into `CannotDecide`."""
    try:
        yield
    except LedgerUnavailable as error:
        raise CannotDecide(f"the subject ledger cannot be used: {error}") from error


@asynccontextmanager
async def within(deadline: float) -> AsyncIterator[None]:
    """Bound what is done inside by `deadline` (on `time.monotonic`). Raises `CannotDecide`."""
    try:
        async with asyncio.timeout(max(deadline - time.monotonic(), 0)):
            yield
    except TimeoutError as error:
        raise CannotDecide(_LATE) from error


def deadline_in(seconds: float) -> float:
    """A point `seconds` from now on the clock that deadlines are measured on."""
    return time.monotonic() + seconds
