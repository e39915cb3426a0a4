"""The stages of an export, one method each, for a whole body and for a group of a stream alike.

inspect -> rule (round 1: treatments, exemptions) -> subjects -> rule with bands (round 2: the
mechanism) -> treat -> commit -> append. `gateway.export.pipeline` puts them in order for a whole
body, `gateway.streams` for groups.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, ParamSpec, TypeVar

import structlog

from audit_log.errors import AuditUnavailable
from classifiers.classify import Classifier
from classifiers.model import Classification, DetectionIncomplete, OpaqueContent
from classifiers.reader import Memory
from gateway.codecs.model import CodecFault, MalformedBody, UnsupportedCharset, UnsupportedMedia
from gateway.errors import AuditFailed, BadRequest, CannotDecide, MediaRefused, Unprocessable
from gateway.export import evidence, parts
from gateway.export.commitments import Commitments
from gateway.export.headcount import NOTHING, headcount, leaving
from gateway.export.parts import Message, Parts
from gateway.export.persons import person_of
from gateway.export.signature import Signatures, signatures
from gateway.export.transfer import Transfer
from gateway.keys.keyring import OPERATOR_KEYS, KeyUnavailable
from gateway.keys.store import PinnedKeys
from gateway.ledger.identifiers import Hasher
from gateway.ledger.model import Edges, LedgerUnavailable, Person, year_of
from gateway.ledger.subjects import Subjects, subjects
from gateway.operators.model import OperatorContext
from gateway.operators.registry import UnknownTreatment
from gateway.ports import AuditSink, KeyProvider, PolicyEngine, SubjectLedger
from gateway.treatment.desensitize import Treated, desensitize, needs_key_cells
from gateway.treatment.residual import ResidualFinding, residual_check
from policies.beside import Beside
from policies.model import Band, Bands, Decision, Outcome, PolicyInput, PolicyUnavailable, Reason

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

THREAD_BYTES: Final = 64 * 1024  # larger bodies are worked on off the event loop
UNBOUNDED: Final = Bands(general=Band(0, None), sensitive=Band(0, None))
ROUNDS: Final = 3  # how often an export is decided again when another one moved the counts

HEAD_TREATED: Final = (
    "the policy wants a value in the query, the path or a header treated, which a stream sends "
    "once for all its records; move it into the records"
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
    if decision.outcome is Outcome.ALLOW and any(each.hold for each in decision.treatments):
        return Outcome.DENY
    return decision.outcome


def caps(bands: Bands) -> Bands:
    """The upper edges of `bands` alone: a lower count than decided on is no danger."""
    return Bands(general=Band(0, bands.general.below), sensitive=Band(0, bands.sensitive.below))


@dataclass(frozen=True, slots=True)
class Inspected:
    """A decoded message, what was found in it, and its records grouped by that.

    `key_versions` are those in force when it came: rotated keys are for what comes later.
    """

    request: Parts
    classification: Classification
    groups: Signatures
    key_versions: Mapping[str, int]
    memory: Memory  # what was read of its texts, for the second look


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The stages and what they need. `now` gives an aware time.

    A reload makes new ones: an export keeps those it began with.
    """

    classifier: Classifier
    engine: PolicyEngine
    ledger: SubjectLedger
    edges: Edges
    audit: AuditSink
    keys: KeyProvider
    commitments: Commitments
    detectors_digest: str
    now: Callable[[], datetime]
    candidate: Beside | None = None

    async def inspect(self, transfer: Transfer, message: Message) -> Inspected:
        """Decode and classify. Raises `BadRequest`, `MediaRefused` or `CannotDecide`."""
        return await off_loop(message, self._inspect, transfer, message)

    async def rule(self, transfer: Transfer, groups: Signatures, bands: Bands | None) -> Ruling:
        """One decision a signature: without `bands` the first round, with them the second."""
        now = self.now()
        questions = [transfer.question(list(f), now, bands) for f in groups.fields]
        return Ruling(groups, questions, [await self.decide(question) for question in questions])

    async def decide(self, question: PolicyInput) -> Decision:
        """The policy's answer. Raises `CannotDecide`."""
        try:
            return await self.engine.decide(question)
        except PolicyUnavailable as error:
            raise CannotDecide(f"the policy gave no decision: {error}") from error

    async def second_round(
        self, transfer: Transfer, first: Ruling, whose: Subjects
    ) -> tuple[Ruling, Bands, int]:
        """The ruling with this year's bands, and the year; the first where nobody counts."""
        persons = first.candidates(whose)
        if all(person.exempt for person in persons):
            return first, UNBOUNDED, year_of(self.now())
        with ledger_errors():
            preview = await self.ledger.preview(persons, self.edges)
        for near in preview.warnings:
            log.warning("tally near a threshold", tally=near.kind, count=near.count, edge=near.edge)
        if preview.opening_missing:
            return first, preview.bands, preview.tally.year
        ruling = await self.rule(transfer, first.groups, preview.bands)
        return ruling, preview.bands, preview.tally.year

    async def subjects(self, transfer: Transfer, found: Inspected) -> Subjects:
        """Whose data the message holds. Raises `CannotDecide`."""
        return await off_loop(found.request.message, self._subjects, transfer, found)

    async def treat(
        self, transfer: Transfer, found: Inspected, ruling: Ruling, *, head_sent: bool = False
    ) -> tuple[Message, Treated]:
        """The outgoing message, checked afresh. Raises `CannotDecide`.

        With `head_sent`, only the body can still be changed: raises `Unprocessable` otherwise.
        """
        message = found.request.message
        return await off_loop(message, self._treat, transfer, found, ruling, head_sent)

    async def append(self, pairs: Sequence[Pair], facts: dict[str, Any]) -> int:
        """Make the shapes and the opening entry durable; its index. Raises `AuditFailed`.

        Where the deadline passes meanwhile, the entry may be written all the same: it then gets
        the outcome `failed`, for nothing was sent.
        """
        revision = self.engine.revision
        if self.candidate is not None:
            for question, decision, _ in pairs:
                self.candidate.compare(question, decision)
        shapes = [evidence.shape_entry(revision, question, d) for question, d, _ in pairs]
        facts["groups"] = evidence.group_facts(
            [shape["shape"] for shape in shapes],
            [outcome_of(decision).value for _, decision, _ in pairs],
            [size for _, _, size in pairs],
        )
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

    async def _give_up(self, appending: asyncio.Future[Any]) -> None:
        """Close an export whose opening entry nobody waits for any more."""
        try:
            receipts = await appending
            await self.audit.append([evidence.outcome_entry(receipts[-1].seq, "failed")])
        except AuditUnavailable:
            return  # the next start closes it as unknown

    def facts(self, transfer: Transfer, found: Inspected, decision_id: str) -> dict[str, Any]:
        """What the opening entry of a whole body or a group states, short of the outcome."""
        inspection = found.classification.inspection
        return self.parties(transfer, decision_id) | {
            "bytes_in": found.request.message.size,
            "records": found.request.batch.records,
            "media": found.request.message.media,
            "keys": dict(found.key_versions),
            "commitment": self.commitments.incoming(found.request.message.body),
            "inspection": evidence.inspection_facts(inspection, self.detectors_digest),
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

    def _inspect(self, transfer: Transfer, message: Message) -> Inspected:
        route = transfer.route.settings
        memory = Memory()
        try:
            request = parts.decode(message, records=route.records)
            classification = self.classifier.classify(
                request.batch,
                declared=transfer.route.declared,
                deadline=transfer.deadline,
                memory=memory,
            )
            if needs_key_cells(request.batch, classification):
                # The same columns and values again, this time with a handle for every key.
                request = parts.decode(message, records=route.records, key_cells=True)
        except MalformedBody as error:
            raise BadRequest(str(error)) from error
        except (UnsupportedMedia, UnsupportedCharset) as error:
            raise MediaRefused(str(error)) from error
        except OpaqueContent as error:
            raise MediaRefused(f"the body cannot be inspected whole: {error}") from error
        except DetectionIncomplete as error:
            raise CannotDecide(f"classification did not finish: {error}") from error
        if classification.inspection.skipped:
            raise CannotDecide("classification left something out")
        groups = signatures(request.batch, classification)
        return Inspected(request, classification, groups, self._key_versions(), memory)

    def _key_versions(self) -> dict[str, int]:
        try:
            return {purpose: self.keys.current(purpose) for purpose in OPERATOR_KEYS}
        except KeyUnavailable as error:
            raise CannotDecide(f"no keys can be had: {error}") from error

    def _subjects(self, transfer: Transfer, found: Inspected) -> Subjects:
        route = transfer.route
        try:
            hasher = Hasher(self.keys.derive("ledger"), namespace=route.name)
        except KeyUnavailable as error:
            raise CannotDecide(f"persons cannot be counted: {error}") from error
        return subjects(
            found.request.batch,
            found.classification,
            route.settings.subjects,
            hasher,
            records=route.settings.records,
        )

    def _treat(
        self, transfer: Transfer, found: Inspected, ruling: Ruling, head_sent: bool
    ) -> tuple[Message, Treated]:
        request = found.request
        keys = PinnedKeys(self.keys, found.key_versions)
        context = OperatorContext(recipient=transfer.route.settings.recipient, keys=keys)
        assignment = ruling.groups.assignment
        try:
            treated = desensitize(
                request.batch,
                found.classification,
                ruling.decisions,
                assignment,
                context,
                person_of=person_of(
                    request.batch, found.classification, ruling.decisions, transfer.route, keys
                ),
            )
            if not treated.edits and not request.message.sandboxed:
                return request.message, treated
            if head_sent and request.head_edited(treated.edits):
                raise Unprocessable(HEAD_TREATED)
            outgoing = request.encode(treated.edits)
            again = parts.decode(outgoing, records=transfer.route.settings.records)
            left = self.classifier.classify(
                again.batch,
                evidence="value",
                deadline=transfer.deadline,
                memory=found.memory,
            )
            residual_check(again.batch, left, ruling.decisions, assignment, treated)
        except (CodecFault, MalformedBody) as error:
            raise CannotDecide(f"the treated body cannot be written: {error}") from error
        except DetectionIncomplete as error:
            raise CannotDecide(f"the residual check did not finish: {error}") from error
        except (KeyUnavailable, UnknownTreatment) as error:
            raise CannotDecide(f"a treatment cannot be carried out: {error}") from error
        except ResidualFinding as error:
            raise CannotDecide(f"the residual check stopped the export: {error}") from error
        return outgoing, treated


_abandoned: Final[set[asyncio.Future[None]]] = set()  # a task nobody holds may be collected


@contextmanager
def ledger_errors() -> Iterator[None]:
    """Turn a ledger that cannot be used into `CannotDecide`."""
    try:
        yield
    except LedgerUnavailable as error:
        raise CannotDecide(f"the subject ledger cannot be used: {error}") from error


async def off_loop(message: Message, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do `work`, in a thread where `message` is large or read in another process."""
    if message.size > THREAD_BYTES or message.sandboxed:
        return await asyncio.to_thread(work, *args, **kwargs)
    return work(*args, **kwargs)


@asynccontextmanager
async def within(deadline: float) -> AsyncIterator[None]:
    """Bound what is done inside by `deadline` (on `time.monotonic`). Raises `CannotDecide`."""
    try:
        async with asyncio.timeout(max(deadline - time.monotonic(), 0)):
            yield
    except TimeoutError as error:
        raise CannotDecide("no decision was had within the deadline; nothing was sent") from error


def deadline_in(seconds: float) -> float:
    """A point `seconds` from now on the clock that deadlines are measured on."""
    return time.monotonic() + seconds
