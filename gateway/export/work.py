"""The part of an export that is all computing: decode, classify, tell persons, desensitize, check.

`Worker` does it, in plain functions of a message, wherever it runs. `Work` is how the stages ask
for it: `InProcess` here, or a pool of processes (`gateway.workers`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, ParamSpec, Protocol, TypeVar

from classifiers.classify import Classifier
from classifiers.model import (
    Classification,
    DetectionIncomplete,
    Drift,
    Inspection,
    OpaqueContent,
)
from classifiers.reader import Memory
from gateway.codecs.model import (
    BodyTooLarge,
    CodecFault,
    Edit,
    MalformedBody,
    UnsupportedCharset,
    UnsupportedMedia,
    Untreatable,
)
from gateway.codecs.registry import FORM_DATA
from gateway.errors import BadRequest, CannotDecide, MediaRefused, TooLarge, Unprocessable
from gateway.export import parts
from gateway.export.parts import Message, Parts
from gateway.export.persons import person_of
from gateway.export.signature import Signatures, signatures
from gateway.export.transfer import Transfer
from gateway.keys.keyring import KeyUnavailable
from gateway.keys.store import PinnedKeys
from gateway.ledger.identifiers import Hasher
from gateway.ledger.subjects import Subjects, subjects
from gateway.operators.model import OperatorContext
from gateway.operators.registry import UnknownTreatment
from gateway.ports import KeyProvider
from gateway.route_settings import RouteSettings
from gateway.treatment.desensitize import Treated, desensitize, needs_key_cells
from gateway.treatment.kanonymity import AnonymityOutOfReach, guard
from gateway.treatment.residual import ResidualFinding, residual_check
from gateway.treatment.rulings import SHARED
from gateway.treatment.same_type import MEDIA as SAME_TYPE_MEDIA
from gateway.treatment.same_type import same_type
from gateway.treatment.stand_ins import StandIn
from policies.model import Decision

P = ParamSpec("P")
R = TypeVar("R")

THREAD_BYTES: Final = 64 * 1024  # larger bodies are worked on off the event loop

HEAD_TREATED: Final = (
    "the policy wants a value in the query, the path or a header treated, which a stream sends "
    "once for all its records; move it into the records"
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What whoever looked at a message keeps of it for its treatment."""

    request: Parts
    classification: Classification
    memory: Memory  # what was read of its texts, for the second look


@dataclass(frozen=True, slots=True)
class Inspected:
    """A message that was looked at: its records grouped by what was found in them.

    `key_versions` are those in force when it came: rotated keys are for what comes later. `kept`
    is for `Work` alone.
    """

    message: Message
    records: int
    groups: Signatures
    inspection: Inspection
    key_versions: Mapping[str, int]
    kept: Any
    drift: Sequence[Drift] = ()  # where the data departs from the route's contract


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A treated message, checked afresh.

    `applied` counts findings by (treatment, category); `path_treated` tells that the path was
    changed; `stand_ins` are what an answer may be restored from; `anonymity` is what it cost to
    make the batch k-anonymous, where the route asks for that.
    """

    message: Message
    applied: Mapping[tuple[str, str], int]
    path_treated: bool
    stand_ins: Mapping[str, StandIn]
    anonymity: Mapping[str, Any] | None = None


class Work(Protocol):
    """Who computes."""

    @property
    def parallel(self) -> int:
        """How many messages are worth looking at at a time."""
        ...

    @property
    def problem(self) -> str:
        """Why nothing can be computed now; "" where it can."""
        ...

    async def inspect(
        self, transfer: Transfer, message: Message, key_versions: Mapping[str, int]
    ) -> Inspected:
        """Decode and classify. Raises `BadRequest`, `MediaRefused` or `CannotDecide`."""
        ...

    async def subjects(self, transfer: Transfer, found: Inspected) -> Subjects:
        """Whose data the message holds. Raises `CannotDecide`."""
        ...

    async def treat(
        self,
        transfer: Transfer,
        found: Inspected,
        decisions: Sequence[Decision],
        *,
        head_sent: bool = False,
    ) -> Outgoing:
        """The outgoing message under one decision a signature. Raises `CannotDecide`.

        With `head_sent`, only the body can still be changed: raises `Unprocessable` otherwise.
        """
        ...


@dataclass(frozen=True, slots=True)
class Worker:
    """Computes in the thread that asks."""

    classifier: Classifier
    keys: KeyProvider

    def inspect(
        self, transfer: Transfer, message: Message, key_versions: Mapping[str, int]
    ) -> Inspected:
        """See `Work`; `kept` is a `Looked`."""
        route = transfer.route.settings
        memory = Memory()
        try:
            request = parts.decode(message, records=route.records, unread=route.opaque)
            classification = self.classifier.classify(
                request.batch,
                declared=transfer.route.declared,
                coded=transfer.route.coded,
                deadline=transfer.deadline,
                memory=memory,
                on=transfer.day,
            )
            if needs_key_cells(request.batch, classification):
                # The same columns and values again, this time with a handle for every key.
                request = parts.decode(
                    message, records=route.records, key_cells=True, unread=route.opaque
                )
        except MalformedBody as error:
            raise BadRequest(str(error)) from error
        except BodyTooLarge as error:
            raise TooLarge(str(error)) from error
        except (UnsupportedMedia, UnsupportedCharset) as error:
            raise MediaRefused(str(error)) from error
        except OpaqueContent as error:
            raise MediaRefused(f"the body cannot be inspected whole: {error}") from error
        except DetectionIncomplete as error:
            raise CannotDecide(f"classification did not finish: {error}") from error
        if classification.inspection.skipped:
            raise CannotDecide("classification left something out")
        return Inspected(
            message=message,
            records=request.batch.records,
            groups=signatures(request.batch, classification),
            inspection=classification.inspection,
            key_versions=key_versions,
            kept=Looked(request, classification, memory),
            drift=classification.drift,
        )

    def subjects(self, transfer: Transfer, looked: Looked) -> Subjects:
        """See `Work`."""
        route = transfer.route
        try:
            hasher = Hasher(self.keys.derive("ledger"), namespace=route.name)
        except KeyUnavailable as error:
            raise CannotDecide(f"persons cannot be counted: {error}") from error
        return subjects(
            looked.request.batch,
            looked.classification,
            route.settings.subjects,
            hasher,
            records=route.settings.records,
        )

    def treat(
        self, transfer: Transfer, found: Inspected, decisions: Sequence[Decision], head_sent: bool
    ) -> Outgoing:
        """See `Work`."""
        looked: Looked = found.kept
        request, classification = looked.request, looked.classification
        keys = PinnedKeys(self.keys, found.key_versions)
        context = OperatorContext(recipient=transfer.route.settings.recipient, keys=keys)
        assignment = found.groups.assignment
        try:
            treated = desensitize(
                request.batch,
                classification,
                decisions,
                assignment,
                context,
                person_of=person_of(request.batch, classification, decisions, transfer.route, keys),
            )
            route = transfer.route.settings
            if not (treated.edits or request.rewritten or route.k_anonymity):
                return Outgoing(request.message, treated.applied, False, treated.stand_ins)
            if head_sent and request.head_edited(treated.edits):
                raise Unprocessable(HEAD_TREATED)
            edits = treated.edits
            if route.output == "same-type" and request.message.media in SAME_TYPE_MEDIA:
                edits = same_type(request.batch, edits)
            outgoing = request.encode(edits)
            again = parts.decode(outgoing, records=route.records, unread=route.opaque)
            anonymity = None
            if route.k_anonymity:
                outgoing, treated, anonymity = _guarded(again, treated, assignment, route)
                again = parts.decode(outgoing, records=route.records, unread=route.opaque)
            left = self.classifier.classify(
                again.batch,
                evidence="value",
                deadline=transfer.deadline,
                memory=looked.memory,
            )
            residual_check(again.batch, left, decisions, assignment, treated)
        except AnonymityOutOfReach as error:
            raise Unprocessable(f"the batch cannot be made k-anonymous: {error}") from error
        except Untreatable as error:
            raise Unprocessable(f"the policy wants treated what cannot be: {error}") from error
        except (BodyTooLarge, CodecFault, MalformedBody) as error:
            raise CannotDecide(f"the treated body cannot be written: {error}") from error
        except DetectionIncomplete as error:
            raise CannotDecide(f"the residual check did not finish: {error}") from error
        except (KeyUnavailable, UnknownTreatment) as error:
            raise CannotDecide(f"a treatment cannot be carried out: {error}") from error
        except ResidualFinding as error:
            raise CannotDecide(f"the residual check stopped the export: {error}") from error
        path_treated = request.path_edited(treated.edits)
        return Outgoing(outgoing, treated.applied, path_treated, treated.stand_ins, anonymity)


def _guarded(
    leaves: Parts, treated: Treated, assignment: Sequence[int], route: RouteSettings
) -> tuple[Message, Treated, dict[str, Any]]:
    """What leaves, made k-anonymous; what was written for that is accounted for; its cost.

    Raises `AnonymityOutOfReach`.
    """
    settings = route.k_anonymity
    if settings is None:
        raise ValueError("the route has no k_anonymity")
    quasi = settings.within(route.records)
    done = guard(leaves.batch, quasi, k=settings.k, max_lost=settings.max_lost)
    accounted = dict(treated.accounted)
    for column in leaves.batch.columns:
        for row, handle in zip(column.rows, column.handles, strict=True):
            change = done.edits.get(handle)
            if isinstance(change, Edit):
                new = change.pieces[0].text
                decision = SHARED if row < 0 else assignment[row]
                accounted[decision, column.pointer, new] = [(0, len(new))]
    message = leaves.encode(done.edits) if done.edits else leaves.message
    return message, replace(treated, accounted=accounted), done.cost(settings.k)


@dataclass(frozen=True, slots=True)
class InProcess:
    """Work done in this process: small bodies at once, large ones in a thread. See `Work`."""

    worker: Worker
    parallel: int = 1
    problem: str = ""

    async def inspect(
        self, transfer: Transfer, message: Message, key_versions: Mapping[str, int]
    ) -> Inspected:
        """See `Work`."""
        return await off_loop(message, self.worker.inspect, transfer, message, key_versions)

    async def subjects(self, transfer: Transfer, found: Inspected) -> Subjects:
        """See `Work`."""
        return await off_loop(found.message, self.worker.subjects, transfer, found.kept)

    async def treat(
        self,
        transfer: Transfer,
        found: Inspected,
        decisions: Sequence[Decision],
        *,
        head_sent: bool = False,
    ) -> Outgoing:
        """See `Work`."""
        treat = self.worker.treat
        return await off_loop(found.message, treat, transfer, found, decisions, head_sent)


async def off_loop(message: Message, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do `work`, in a thread where `message` is `heavy`."""
    if heavy(message):
        return await asyncio.to_thread(work, *args, **kwargs)
    return work(*args, **kwargs)


def heavy(message: Message) -> bool:
    """Whether `message` is large or may be read in another process."""
    return message.size > THREAD_BYTES or message.sandboxed or message.media == FORM_DATA
