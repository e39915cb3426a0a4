"""Exports of one route computed together, each as if it were alone.

Most of what a small body costs does not depend on its size: stages, columns, passes over pattern
databases. So bodies of one shape that wait at the same moment are read as the records of one batch.
Nothing is shared between them but work: no record's values, names or treated texts have a say in
another's findings, persons, treatments or checks, and each has a decision of its own. Whatever
would make a difference, and whatever goes wrong, raises, and who asked does them one by one
(`gateway.export.gathering`): so a bad body harms no neighbour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from classifiers.model import (
    Batch,
    CellKind,
    Classification,
    Inspection,
    NotAlike,
)
from classifiers.reader import Memory
from gateway.codecs import json
from gateway.codecs.model import Change, MalformedBody, UnsupportedCharset, UnsupportedMedia
from gateway.codecs.registry import decoder_for
from gateway.export.joined import join, only, renumbered, rows_of_handles
from gateway.export.parts import Message
from gateway.export.signature import signature_of_each
from gateway.export.transfer import Transfer
from gateway.export.work import Inspected, Outgoing, Worker
from gateway.keys.store import PinnedKeys
from gateway.ledger.identifiers import Hasher
from gateway.ledger.subjects import Subjects, subjects
from gateway.operators.model import OperatorContext
from gateway.operators.registry import operator
from gateway.treatment.desensitize import Treated, desensitize, needs_key_cells
from gateway.treatment.needles import Needles, is_strong
from gateway.treatment.residual import residual_check
from policies.model import Decision

MOST: Final = 64  # bodies in one batch
MOST_BYTES: Final = 128 * 1024  # of them all: the event loop waits while they are worked on
_COLLECTIVE: Final = frozenset({"shuffle"})  # operators whose results depend on each other
_KINDS: Final = frozenset({str, bool, type(None)})  # all others are numbers


@dataclass(frozen=True, slots=True)
class Asked:
    """One message to be inspected."""

    transfer: Transfer
    message: Message
    key_versions: Mapping[str, int]


def likeness(asked: Asked) -> Hashable | None:
    """What messages have in common that can be inspected together; None for one that cannot.

    Two bodies are alike if they are objects with the same keys, in the same order and with values
    of the same kinds, all the way down.
    """
    message, transfer = asked.message, asked.transfer
    route = transfer.route.settings
    if (
        message.body[:1] != b"{"
        or len(message.body) > MOST_BYTES // 4
        or not _is_json(message.content_type)
        or transfer.approvals
        or route.records
        or route.k_anonymity
        or route.opaque
        or route.output != "as-treated"
    ):
        return None
    try:
        shape = _shape(json.parse(message.body))
    except MalformedBody:
        return None
    return (
        id(transfer.route),
        transfer.day,
        tuple(sorted(asked.key_versions.items())),
        message.content_type,
        message.query,
        len(message.segments),
        tuple(name for name, _ in message.headers),
        shape,
    )


@lru_cache(maxsize=64)
def _is_json(content_type: str) -> bool:
    try:
        return decoder_for(content_type) is json.decode
    except (UnsupportedMedia, UnsupportedCharset):
        return False


def _shape(value: Any) -> Hashable:
    if isinstance(value, dict):
        return tuple([(key, _shape(inner)) for key, inner in value.items()])
    if isinstance(value, list):
        return "[", *dict.fromkeys(map(_shape, value))
    kind: type = type(value)
    return kind if kind in _KINDS else float


class Together:
    """Messages that were inspected together."""

    def __init__(self, worker: Worker, asked: Sequence[Asked]) -> None:
        """Inspect them; all have one `likeness`.

        Raises `NotAlike`, and whatever goes wrong with any of them.
        """
        self._worker = worker
        self._route = asked[0].transfer.route
        self._memory = Memory()
        self._subjects: Subjects | None = None
        self._joined = joined = join([each.message for each in asked])
        self._classification = found = worker.classifier.classify(
            joined.batch,
            declared=self._route.declared,
            coded=self._route.coded,
            deadline=min(each.transfer.deadline for each in asked),
            memory=self._memory,
            on=asked[0].transfer.day,
            apart=True,
        )
        if found.inspection.skipped or needs_key_cells(joined.batch, found):
            raise NotAlike("keys have to be treated, or something was left out")
        if any(finding.column >= joined.in_body for finding in found.findings):
            raise NotAlike("something was found outside the bodies")
        inspections = _inspections(joined.batch, found, [each.message.size for each in asked])
        groups = signature_of_each(joined.batch, found)
        self.found = [
            Inspected(
                message=each.message,
                records=1,
                groups=groups[row],
                inspection=inspections[row],
                key_versions=each.key_versions,
                kept=Member(self, row, each),
            )
            for row, each in enumerate(asked)
        ]

    def subjects(self, row: int) -> Subjects:
        """Whose data one message holds. Raises what keys raise."""
        if self._subjects is None:
            hasher = Hasher(self._worker.keys.derive("ledger"), namespace=self._route.name)
            declared = self._route.settings.subjects
            self._subjects = subjects(self._joined.batch, self._classification, declared, hasher)
        whose = self._subjects
        return Subjects([whose.records[row]], whose.shared, whose.owners)

    def treat(self, members: Sequence[Treating]) -> list[Outgoing]:
        """The outgoing messages of some of them, checked afresh.

        Raises `NotAlike`, and whatever goes wrong with any of them.
        """
        decisions = [each.decision for each in members]
        if not all(map(_each_by_itself, {id(each): each for each in decisions}.values())):
            raise NotAlike("a treatment depends on more than the value")
        joined, rows = self._joined, [each.member.row for each in members]
        batch, assignment = joined.batch, [0] * joined.batch.records
        for number, row in enumerate(rows):
            assignment[row] = number
        if len(rows) < batch.records:
            batch = only(batch, frozenset(rows))
        asked = members[0].member.asked
        keys = PinnedKeys(self._worker.keys, asked.key_versions)
        context = OperatorContext(recipient=self._route.settings.recipient, keys=keys)
        treated = desensitize(
            batch, self._classification, decisions, assignment, context, apart=True
        )
        outgoing = self._written(treated, rows)
        self._check(treated, outgoing, decisions, rows, min(m.deadline for m in members))
        messages = [each.member.asked.message for each in members]
        return [
            Outgoing(outgoing.get(row, message), treated.by_decision.get(number, {}), False, {})
            for number, (row, message) in enumerate(zip(rows, messages, strict=True))
        ]

    def _written(self, treated: Treated, rows: Sequence[int]) -> dict[int, Message]:
        """The messages that change, by row."""
        joined = self._joined
        edits: dict[int, dict[int, Change]] = {}
        owner = rows_of_handles(joined.batch.columns[: joined.in_body])
        for handle, change in treated.edits.items():
            if handle >= len(owner):
                raise NotAlike("something outside the bodies has to be treated")
            edits.setdefault(owner[handle], {})[handle] = change
        if not edits.keys() <= set(rows):
            raise NotAlike("a message is treated that nobody asked for")
        return {
            row: replace(
                self.found[row].message,
                body=joined.document.encode(changes, *joined.bounds[row]),
            )
            for row, changes in sorted(edits.items())
        }

    def _check(
        self,
        treated: Treated,
        outgoing: Mapping[int, Message],
        decisions: Sequence[Decision],
        rows: Sequence[int],
        deadline: float,
    ) -> None:
        """Decode afresh what would be sent, and look at it once more."""
        if not outgoing:
            return
        for message in outgoing.values():
            json.parse(message.body)  # each is one JSON text by itself, not only among the others
        again = join(list(outgoing.values()))
        left = self._worker.classifier.classify(
            again.batch, evidence="value", deadline=deadline, memory=self._memory
        )
        batch = again.batch
        if len(outgoing) < self._joined.batch.records:
            batch = renumbered(batch, list(outgoing), self._joined.batch.records)
        assignment = [0] * self._joined.batch.records
        for number, row in enumerate(rows):
            assignment[row] = number
        residual_check(batch, left, decisions, assignment, treated)
        strong = Needles([text for text in treated.originals if is_strong(text)])
        keys = [column.values for column in batch.columns if column.kind is CellKind.KEY]
        if next(strong.hits(keys), None) is not None:
            raise NotAlike("a treated text may be left in a key")


@dataclass(frozen=True, slots=True)
class Member:
    """One of the messages that were inspected together."""

    of: Together
    row: int
    asked: Asked


@dataclass(frozen=True, slots=True)
class Treating:
    """What is to be done with one of them, and until when."""

    member: Member
    decision: Decision
    deadline: float


def _each_by_itself(decision: Decision) -> bool:
    """Whether what becomes of a value depends on it alone, and no answer has to be restored."""
    for each in decision.treatments:
        how = operator(each.treatment)
        if each.restore or how.per_person or how.name in _COLLECTIVE:
            return False
    return True


def _inspections(batch: Batch, found: Classification, sizes: Sequence[int]) -> list[Inspection]:
    """The proof of complete inspection for each record."""
    cells: Counter[int] = Counter()
    values: Counter[int] = Counter()
    shared_cells = shared_values = 0
    for column in batch.columns:
        if not column.rows:
            shared_values += len(column.values)
        elif column.rows[0] < 0:
            shared_cells += len(column.rows)
            shared_values += len(column.values)
        elif len(column.rows) == batch.records == len(set(column.rows)):
            shared_cells += 1
            shared_values += 1
        else:
            cells.update(column.rows)
            values.update([row for row, _ in set(zip(column.rows, column.refs, strict=True))])
    return [
        Inspection(
            bytes=size,
            cells=shared_cells + cells[row],
            values=shared_values + values[row],
            detectors=found.inspection.detectors,
        )
        for row, size in enumerate(sizes)
    ]
