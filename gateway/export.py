"""The export pipeline: everything between a request and the first byte that leaves.

decode -> classify -> decide (round 1: treatments, exemptions) -> count persons, decide again (round
2: the mechanism) -> desensitize -> residual check -> commit the persons -> append. Whoever gets a
`Released` may send its message: its opening entry is durable already.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, ParamSpec, TypeVar

from audit_log.errors import AuditUnavailable
from classifiers.classify import Classifier
from classifiers.model import Classification, DetectionIncomplete
from gateway import evidence, parts
from gateway.codecs.model import (
    CodecFault,
    MalformedBody,
    UnsupportedCharset,
    UnsupportedMedia,
)
from gateway.desensitize import Treated, desensitize, needs_key_cells
from gateway.errors import AuditFailed, BadRequest, CannotDecide, MediaRefused
from gateway.headcount import headcount, leaving
from gateway.identifiers import Hasher
from gateway.keys import KeyUnavailable
from gateway.ledger.model import Edges, LedgerUnavailable, Person, TallyMoved, year_of
from gateway.operators.model import OperatorContext
from gateway.operators.registry import UnknownTreatment
from gateway.parts import Message, Parts
from gateway.ports import AuditSink, KeyProvider, PolicyEngine, SubjectLedger
from gateway.residual import ResidualFinding, residual_check
from gateway.signature import Signatures, signatures
from gateway.subjects import Subjects, subjects
from gateway.transfer import Transfer
from policies.model import Band, Bands, Decision, Outcome, PolicyInput, PolicyUnavailable, Reason

P = ParamSpec("P")
R = TypeVar("R")

THREAD_BYTES: Final = 64 * 1024  # larger bodies are worked on off the event loop
UNBOUNDED: Final = Bands(general=Band(0, None), sensitive=Band(0, None))
ROUNDS: Final = 3  # how often an export is decided again when another one moved the counts


@dataclass(frozen=True, slots=True)
class Ruling:
    """What policy said of each group of records, and of the export as a whole."""

    groups: Signatures
    questions: Sequence[PolicyInput]
    decisions: Sequence[Decision]

    @property
    def outcome(self) -> Outcome:
        """The strictest outcome of any group."""
        outcomes = [decision.outcome for decision in self.decisions]
        for strict in (Outcome.DENY, Outcome.REVIEW):
            if strict in outcomes:
                return strict
        return Outcome.ALLOW

    def reasons(self) -> list[Reason]:
        """The reasons of the groups that decided the outcome, each once."""
        deciding = [d for d in self.decisions if d.outcome is self.outcome]
        return list(dict.fromkeys(reason for d in deciding for reason in d.reasons))

    def persons(self, whose: Subjects) -> list[Person]:
        """The persons that count, or pass exempt, if these decisions hold."""
        pairs = zip(self.groups.fields, self.decisions, strict=True)
        return headcount(whose, [leaving(*pair) for pair in pairs], self.groups.assignment)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A decoded request and what was found in it."""

    request: Parts
    classification: Classification


@dataclass(frozen=True, slots=True)
class Released:
    """A durable decision to send `message`."""

    decision_id: str
    entry: int
    ruling: Ruling
    message: Message


@dataclass(frozen=True, slots=True)
class Held:
    """A durable decision not to send. `reasons` and pointers may be told to the caller."""

    decision_id: str
    entry: int
    ruling: Ruling
    reasons: Sequence[Reason]


SHADOW: Final = Reason(
    code="route.shadow",
    en="The route is in shadow mode: exports are decided and logged, nothing is sent.",
    zh="该路由处于影子模式：只作出决定并记录，不发送任何数据。",
    citation="gateway.toml [routes.<name>].mode",
)
PATH_TREATED: Final = Reason(
    code="path.treatment",
    en="The policy wants a part of the request path treated; without it the request would mean "
    "something else. Move the value into the body or the query.",
    zh="策略要求处理请求路径中的内容，处理后请求含义会改变。请将该值移至请求体或查询参数。",
    citation="PIPL art 51",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The stages and what they need. `now` gives an aware time."""

    classifier: Classifier
    engine: PolicyEngine
    ledger: SubjectLedger
    edges: Edges
    audit: AuditSink
    keys: KeyProvider
    detectors_digest: str
    now: Callable[[], datetime]

    async def export(self, transfer: Transfer, message: Message) -> Released | Held:
        """Decide on `message`; what comes back is in the audit log already.

        Raises a `GatewayError` (then nothing may be sent): malformed or unsupported bodies,
        `CannotDecide`, `AuditFailed`.
        """
        large = message.size > THREAD_BYTES
        found = await _run(large, self._inspect, transfer, message)
        groups = signatures(found.request.batch, found.classification)
        ruling = await self._rule(transfer, groups, None)
        if ruling.outcome is Outcome.DENY:
            return await self._hold(transfer, found, ruling, ruling.reasons())
        if transfer.route.settings.mode == "shadow":
            return await self._hold(transfer, found, ruling, [SHADOW])
        found_subjects = await _run(large, self._subjects, transfer, found)
        for _ in range(ROUNDS):
            result = await self._counted(transfer, found, ruling, found_subjects)
            if result is not None:
                return result
        raise CannotDecide("other exports kept changing this year's counts; try again")

    async def _counted(
        self, transfer: Transfer, found: Inspected, first: Ruling, whose: Subjects
    ) -> Released | Held | None:
        """Round 2 with the counts of this moment; None where another export overtook it."""
        decision_id = secrets.token_hex(16)
        try:
            ruling, bands, year = await self._second_round(transfer, first, whose)
            if ruling.outcome is not Outcome.ALLOW:
                return await self._hold(transfer, found, ruling, ruling.reasons())
            large = found.request.message.size > THREAD_BYTES
            outgoing, treated = await _run(large, self._treat, transfer, found, ruling)
            if found.request.path_edited(treated.edits):
                return await self._hold(transfer, found, ruling, [PATH_TREATED])
            persons = ruling.persons(whose)
            tally = None
            if persons:
                tally = await self.ledger.commit(persons, bands, year=year, export_ref=decision_id)
        except TallyMoved:
            return None
        except LedgerUnavailable as error:
            raise CannotDecide(f"the subject ledger cannot be used: {error}") from error
        facts = self._facts(transfer, found, decision_id) | {
            "outcome": Outcome.ALLOW.value,
            "released": True,
            "bytes_out": outgoing.size,
            "treatments": evidence.applied_facts(treated.applied),
            "persons": evidence.tally_facts(tally) if tally else None,
        }
        entry = await self._append(ruling, facts)
        return Released(decision_id, entry, ruling, outgoing)

    async def _second_round(
        self, transfer: Transfer, first: Ruling, whose: Subjects
    ) -> tuple[Ruling, Bands, int]:
        """The ruling with this year's bands, and the year; the first where nobody counts."""
        persons = first.persons(whose)
        if all(person.exempt for person in persons):
            return first, UNBOUNDED, year_of(self.now())
        preview = await self.ledger.preview(persons, self.edges)
        if preview.opening_missing:
            return first, preview.bands, preview.tally.year
        ruling = await self._rule(transfer, first.groups, preview.bands)
        return ruling, preview.bands, preview.tally.year

    def _inspect(self, transfer: Transfer, message: Message) -> Inspected:
        route = transfer.route.settings
        try:
            request = parts.decode(message, records=route.records)
            classification = self.classifier.classify(
                request.batch, declared=route.declare, deadline=transfer.deadline
            )
            if needs_key_cells(request.batch, classification):
                # The same columns and values again, this time with a handle for every key.
                request = parts.decode(message, records=route.records, key_cells=True)
        except MalformedBody as error:
            raise BadRequest(str(error)) from error
        except (UnsupportedMedia, UnsupportedCharset) as error:
            raise MediaRefused(str(error)) from error
        except DetectionIncomplete as error:
            raise CannotDecide(f"classification did not finish: {error}") from error
        if classification.inspection.skipped:
            raise CannotDecide("classification left something out")
        return Inspected(request, classification)

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

    async def _rule(self, transfer: Transfer, groups: Signatures, bands: Bands | None) -> Ruling:
        """One decision a signature: without `bands` the first round, with them the second."""
        now = self.now()
        questions = [transfer.route.question(list(f), now, bands) for f in groups.fields]
        decisions = [await self._decide(question) for question in questions]
        return Ruling(groups, questions, decisions)

    async def _decide(self, question: PolicyInput) -> Decision:
        try:
            return await self.engine.decide(question)
        except PolicyUnavailable as error:
            raise CannotDecide(f"the policy gave no decision: {error}") from error

    def _treat(
        self, transfer: Transfer, found: Inspected, ruling: Ruling
    ) -> tuple[Message, Treated]:
        """The outgoing message, checked afresh. Raises `CannotDecide`."""
        request = found.request
        context = OperatorContext(recipient=transfer.route.settings.recipient, keys=self.keys)
        assignment = ruling.groups.assignment
        try:
            treated = desensitize(
                request.batch, found.classification, ruling.decisions, assignment, context
            )
            if not treated.edits:
                return request.message, treated
            outgoing = request.encode(treated.edits)
            again = parts.decode(outgoing, records=transfer.route.settings.records)
            left = self.classifier.classify(
                again.batch, evidence="value", deadline=transfer.deadline
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

    async def _hold(
        self, transfer: Transfer, found: Inspected, ruling: Ruling, reasons: Sequence[Reason]
    ) -> Held:
        decision_id = secrets.token_hex(16)
        outcome = Outcome.REVIEW if ruling.outcome is Outcome.REVIEW else Outcome.DENY
        facts = self._facts(transfer, found, decision_id) | {
            "outcome": outcome.value,
            "released": False,
            "reasons": [reason.code for reason in reasons],
        }
        entry = await self._append(ruling, facts)
        return Held(decision_id, entry, ruling, reasons)

    def _facts(self, transfer: Transfer, found: Inspected, decision_id: str) -> dict[str, Any]:
        route = transfer.route
        inspection = found.classification.inspection
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
            "bytes_in": found.request.message.size,
            "records": found.request.batch.records,
            "inspection": evidence.inspection_facts(inspection, self.detectors_digest),
        }

    async def _append(self, ruling: Ruling, facts: dict[str, Any]) -> int:
        """Make the shapes and the opening entry durable; its index. Raises `AuditFailed`."""
        pairs = list(zip(ruling.questions, ruling.decisions, strict=True))
        shapes = [evidence.shape_entry(self.engine.revision, *pair) for pair in pairs]
        facts["groups"] = evidence.group_facts(
            [shape["shape"] for shape in shapes],
            [decision.outcome.value for decision in ruling.decisions],
            ruling.groups.sizes(),
        )
        try:
            receipts = await self.audit.append([*shapes, facts])
        except AuditUnavailable as error:
            raise AuditFailed("the audit log cannot be made durable; nothing was sent") from error
        return receipts[-1].seq


async def _run(threaded: bool, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    if threaded:
        return await asyncio.to_thread(work, *args, **kwargs)
    return work(*args, **kwargs)


def deadline_in(seconds: float) -> float:
    """A point `seconds` from now on the clock that deadlines are measured on."""
    return time.monotonic() + seconds
