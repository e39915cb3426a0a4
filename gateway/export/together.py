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
from urllib.parse import unquote

import msgspec

from classifiers.model import (
    KEY_PREFIX,
    Batch,
    CellKind,
    Classification,
    Column,
    Inspection,
    NotAlike,
)
from classifiers.reader import Memory
from gateway.codecs import json
from gateway.codecs.model import Change, MalformedBody, UnsupportedCharset, UnsupportedMedia
from gateway.codecs.query import decode as decode_query
from gateway.codecs.registry import decoder_for
from gateway.codecs.walked import WalkedDocument, walked
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
_ELEMENT: Final = "/*"  # where the bodies stand in the array that they are joined to


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


@dataclass(frozen=True, slots=True)
class _Joined:
    """Messages decoded as the records of one batch."""

    document: WalkedDocument
    batch: Batch
    bounds: Sequence[tuple[int, int]]  # where each body stands in the joined one
    in_body: int  # columns of the bodies; those after them are of paths, queries and headers

    @property
    def head(self) -> int:
        """The first handle outside the bodies."""
        return len_of(self.batch.columns[: self.in_body])


def len_of(columns: Sequence[Column]) -> int:
    """How many cells `columns` hold."""
    return sum([len(column.handles) for column in columns])


def _joined(messages: Sequence[Message]) -> _Joined:
    """Decode `messages`, whose bodies are JSON objects. Raises `NotAlike`."""
    bounds: list[tuple[int, int]] = []
    at = 1
    for message in messages:
        bounds.append((at, at + len(message.body)))
        at += len(message.body) + 1
    document = walked(b"[%b]" % b",".join([message.body for message in messages]))
    if document is None or document.batch.records != len(messages):
        raise NotAlike("the bodies cannot be read together")
    columns = [_of_a_body(column) for column in document.batch.columns]
    in_body, base = len(columns), len_of(columns)
    for column in _heads(messages):
        cells = range(base, base + len(column.handles))
        columns.append(msgspec.structs.replace(column, handles=cells))
        base += len(column.handles)
    batch = Batch(columns, len(messages), sum([message.size for message in messages]))
    return _Joined(document, batch, bounds, in_body)


def _of_a_body(column: Column) -> Column:
    """A column of the joined body as one body by itself has it."""
    place = KEY_PREFIX if column.kind is CellKind.KEY else ""
    if not column.pointer.startswith(place + _ELEMENT):
        raise NotAlike("a body is no object")
    pointer = place + column.pointer[len(place) + len(_ELEMENT) :]
    return msgspec.structs.replace(column, pointer=pointer)


def _heads(messages: Sequence[Message]) -> list[Column]:
    """The columns of queries (the same in all), paths and headers, in the order of `parts`."""
    first = messages[0]
    columns = list(decode_query(first.query.encode("ascii"), prefix="query:").batch.columns)
    for place in range(len(first.segments)):
        texts = [_unquoted(message.segments[place]) for message in messages]
        columns.append(_one_each(f"path:/{place}", "", texts))
    for place, (name, _) in enumerate(first.headers):
        texts = [message.headers[place][1] for message in messages]
        columns.append(_one_each(f"header:/{name}", name, texts))
    return columns


def _unquoted(segment: str) -> str:
    try:
        return unquote(segment, errors="strict")
    except UnicodeDecodeError:
        raise NotAlike("a path is malformed") from None


def _one_each(pointer: str, name: str, texts: Sequence[str]) -> Column:
    values = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    rows = range(len(texts))
    return Column(
        pointer, name, CellKind.TEXT, list(values), rows, [values[text] for text in texts], rows
    )


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
        self._joined = joined = _joined([each.message for each in asked])
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
            batch = _only(batch, frozenset(rows))
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
        owner = _rows_of_handles(joined.batch.columns[: joined.in_body])
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
        again = _joined(list(outgoing.values()))
        left = self._worker.classifier.classify(
            again.batch, evidence="value", deadline=deadline, memory=self._memory
        )
        batch = again.batch
        if len(outgoing) < self._joined.batch.records:
            batch = _renumbered(batch, list(outgoing), self._joined.batch.records)
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


def _rows_of_handles(columns: Sequence[Column]) -> list[int]:
    """The record of each cell, by handle."""
    return [row for column in columns for row in column.rows]


def _only(batch: Batch, rows: frozenset[int]) -> Batch:
    """The batch without the cells of other records; shared cells stay."""
    columns = []
    for column in batch.columns:
        places = [n for n, row in enumerate(column.rows) if row in rows or row < 0]
        columns.append(
            msgspec.structs.replace(
                column,
                rows=[column.rows[n] for n in places],
                refs=[column.refs[n] for n in places],
                handles=[column.handles[n] for n in places],
            )
            if len(places) < len(column.rows)
            else column
        )
    return Batch(columns, batch.records, batch.source_bytes)


def _renumbered(batch: Batch, numbers: Sequence[int], records: int) -> Batch:
    """The batch with each record under another number."""
    columns = [
        msgspec.structs.replace(
            column, rows=[numbers[row] if row >= 0 else row for row in column.rows]
        )
        for column in batch.columns
    ]
    return Batch(columns, records, batch.source_bytes)
