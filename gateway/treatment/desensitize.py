"""From findings and decisions to edits: pure, over columns, once per distinct value.

Silence suppresses: a confirmed or likely finding that a decision does not name goes. A treated
text that stands elsewhere in the same record is treated there in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Final

from classifiers.model import KEY_PREFIX, Batch, CellKind, Classification, Column
from classifiers.overlap import fills
from gateway.codecs.model import REMOVE, Change, Edit, Piece
from gateway.codecs.places import escape
from gateway.operators.model import OperatorContext
from gateway.operators.registry import (
    KEEP,
    SUPPRESS,
    SUPPRESS_RECORD,
    SUPPRESSING,
    operator,
)
from gateway.treatment.alike import Alike, Span, full_spans
from gateway.treatment.marking import KeyCellsNeeded, Marking, Marks, PersonOf, Task
from gateway.treatment.needles import Needles
from gateway.treatment.rulings import SHARED, Rulings, must_treat
from gateway.treatment.stand_ins import Pieces, StandIn, Written, stand_ins
from policies.model import Decision

__all__ = ["KeyCellsNeeded", "OperatorContext", "Span", "Treated", "desensitize", "needs_key_cells"]

_new: Final = tuple.__new__  # makes a NamedTuple in half the time
Outgoing = tuple[int, str, str]  # decision, pointer and text of a cell as it leaves


@dataclass(frozen=True, slots=True)
class Treated:
    """What is done to a batch.

    `edits` by cell handle; `applied` counts findings by (treatment, category). `originals` are
    the canonical texts that must be gone, with their category and the records they must be gone
    from (empty: all), and `needles` finds them. `accounted` lists, for cells as they leave, the
    spans that an operator wrote or that policy keeps. `pointers` is the public pointer of each
    column, by its outgoing pointer.
    `stand_ins` are texts that an answer may be restored from; see `gateway.treatment.restore`.
    """

    edits: Mapping[int, Change]
    applied: Mapping[tuple[str, str], int]
    originals: Mapping[str, tuple[str, frozenset[int]]]
    needles: Needles
    accounted: Mapping[Outgoing, Sequence[Span]]
    pointers: Mapping[str, str]
    stand_ins: Mapping[str, StandIn]
    by_decision: Mapping[int, Mapping[tuple[str, str], int]]  # `applied` of each decision


Kind = tuple[str, str, str, str]  # treatment, category, entity, person
Texts = Mapping[Kind, Mapping[str, str]]  # old text -> new text
Names = Mapping[tuple[int, str], Mapping[str, str]]  # decision, parent pointer -> old, new token


def needs_key_cells(batch: Batch, classification: Classification) -> bool:
    """Whether a key holds a finding that policy must treat, so that the batch needs key cells."""
    keys = {number for number, column in enumerate(batch.columns) if column.kind is CellKind.KEY}
    return any(must_treat(each) for each in classification.findings if each.column in keys)


def desensitize(
    batch: Batch,
    classification: Classification,
    decisions: Sequence[Decision],
    assignment: Sequence[int],
    context: OperatorContext,
    *,
    person_of: PersonOf | None = None,
    apart: bool = False,
) -> Treated:
    """The edits that carry out `decisions` on `batch`; `assignment` is each record's decision.

    `person_of` gives, by record and column, a key for the person whose cell it is, "" where there
    is none: treatments that work per person suppress without it. With `apart`, each record is an
    export of its own, under a decision of its own, and nothing treated in one is looked for in
    others. Raises `KeyCellsNeeded`, `UnknownTreatment`, what operators and keys raise, and
    `NotAlike` where records that are `apart` have to be treated one by one.
    """
    rulings = Rulings(decisions, assignment)
    marking = Marking(batch, classification, rulings, person_of, apart=apart)
    texts = _operated(batch, marking, context)
    written = _written(batch, marking.tasks, texts)
    names = _names(batch, written)
    edits, accounted = _entered(batch, marking, written, texts, names)
    if any(treatment == SUPPRESS_RECORD for treatment, *_ in texts):
        edits.update(dict.fromkeys(_whole_records(batch, marking), REMOVE))
    by_decision = _applied(marking)
    return Treated(
        edits=edits,
        applied=_together(by_decision.values()),
        by_decision=by_decision,
        originals=marking.originals,
        needles=marking.needles,
        accounted=accounted,
        pointers=_pointers(batch, classification, names),
        stand_ins=stand_ins(batch, classification, rulings, written),
    )


def _operated(batch: Batch, marking: Marking, context: OperatorContext) -> Texts:
    """New texts: every operator is called once for each kind of value, on distinct texts."""
    old: dict[Kind, dict[str, None]] = {}
    columns = batch.columns
    for group in marking.alike:
        if group.treatment != KEEP:
            of_kind = old.setdefault((group.treatment, group.category, group.entity, ""), {})
            of_kind.update(dict.fromkeys(group.texts(columns[group.column])))
    for _, column, value, marks, _, person in marking.tasks:
        text = columns[column].values[value]
        for start, end, treatment, category, entity in marks:
            if treatment != KEEP:
                kind = treatment, category, entity, person
                known = old.get(kind)
                if known is None:
                    known = old[kind] = {}
                known[text[start:end]] = None
    new = {}
    for kind, texts in old.items():
        treatment, category, entity, person = kind
        its = replace(context, category=category, entity=entity, subject=person)
        results = operator(treatment).apply(list(texts), its)
        new[kind] = dict(zip(texts, results, strict=True))
    return new


def _entered(
    batch: Batch, marking: Marking, written: Written, texts: Texts, names: Names
) -> tuple[dict[int, Change], dict[Outgoing, Sequence[Span]]]:
    """The edits, and what they and policy account for."""
    edits: dict[int, Change] = {}
    accounted: dict[Outgoing, Sequence[Span]] = {}
    for task, pieces in written:
        if pieces is None:
            edits.update(dict.fromkeys(task.handles, REMOVE))
            continue
        if pieces:
            edit = Edit(pieces)
            for handle in task.handles:
                edits[handle] = edit
        column = batch.columns[task.column]
        new, spans = _account(column.values[task.value], task.marks, pieces)
        pointer = _outgoing(column.pointer, task.decision, names) if names else column.pointer
        accounted[task.decision, pointer, new] = spans
    for group in marking.alike:
        column = batch.columns[group.column]
        if left := _write_alike(group, column, texts, edits):
            pointers: Iterable[str] = repeat(column.pointer, len(left))
            if names:
                pointers = [_outgoing(column.pointer, each, names) for each in group.decisions]
            places = zip(group.decisions, pointers, left, strict=True)
            accounted.update(zip(places, full_spans(left), strict=True))
    return edits, accounted


def _write_alike(group: Alike, column: Column, texts: Texts, edits: dict[int, Change]) -> list[str]:
    """Edit cells that are treated whole; the text of each as it leaves, none where it goes."""
    if group.treatment in SUPPRESSING:
        edits.update(dict.fromkeys(group.handles, REMOVE))
        return []
    old = group.texts(column)
    if group.treatment == KEEP:
        return old
    written = texts[group.treatment, group.category, group.entity, ""]
    new = list(map(written.__getitem__, old))
    edits.update(group.edits(old, new))
    return new


def _written(batch: Batch, tasks: Sequence[Task], texts: Texts) -> Written:
    """What is written for each task."""
    written: list[tuple[Task, Pieces | None]] = []
    keys: dict[tuple[int, int], set[str]] = {}  # texts in use, by decision and key column
    for task in tasks:
        decision, index, value, marks, _, person = task
        column = batch.columns[index]
        text, empty = column.values[value], False
        made: list[Piece] = []
        for start, end, treatment, category, entity in marks:
            if treatment != KEEP:
                new = texts[treatment, category, entity, person][text[start:end]]
                made.append(_new(Piece, (start, end, new)))
                if treatment in SUPPRESSING and _empties(text, start, end, treatment):
                    empty = True
        pieces: Pieces | None = tuple(made)
        if column.kind is CellKind.KEY:
            taken = keys.setdefault((decision, index), set(column.values))
            pieces = _distinct(text, pieces or (), taken, f"_{value + 1}")
        elif empty:
            pieces = None
        written.append((task, pieces))
    return written


def _empties(text: str, start: int, end: int, treatment: str) -> bool:
    """Whether a suppression is of the whole cell, or leaves nothing else than spaces there."""
    return treatment != SUPPRESS or fills(text, start, end)


def _whole_records(batch: Batch, marking: Marking) -> list[int]:
    """The handles of all values of the records that are suppressed whole."""
    found: dict[int, set[int]] = {}  # column -> handles
    for group in marking.alike:
        if group.treatment == SUPPRESS_RECORD:
            found.setdefault(group.column, set()).update(group.handles)
    for task in marking.tasks:
        if any(mark.treatment == SUPPRESS_RECORD for mark in task.marks):
            found.setdefault(task.column, set()).update(task.handles)
    rows = {
        row
        for index, handles in found.items()
        for row, handle in zip(batch.columns[index].rows, batch.columns[index].handles, strict=True)
        if handle in handles and row != SHARED
    }
    return [
        handle
        for column in batch.columns
        if rows and column.kind is not CellKind.KEY
        for row, handle in zip(column.rows, column.handles, strict=True)
        if row in rows
    ]


def _distinct(key: str, pieces: Pieces, taken: set[str], number: str) -> Pieces:
    """Pieces that give a key a name no other has: `<ENTITY_n>`, or, where taken, text and `_n`."""
    if not pieces:
        return pieces
    *first, last = pieces
    text = last.text
    if text.endswith(">"):
        text = text[:-1] + number + ">"
    while (new := _account(key, (), (*first, last._replace(text=text)))[0]) in taken:
        text += number
    taken.add(new)
    return (*first, last._replace(text=text))


def _account(text: str, marks: Marks, pieces: Pieces) -> tuple[str, Sequence[Span]]:
    """The text as it leaves, and where in it the `pieces` and the kept `marks` stand."""
    if len(pieces) == 1 and pieces[0][:2] == (0, len(text)):
        return pieces[0].text, [(0, len(pieces[0].text))]
    if not pieces and len(marks) == 1:
        return text, [marks[0][:2]]
    kept = [Piece(m.start, m.end, text[m.start : m.end]) for m in marks if m.treatment == KEEP]
    out, spans, at, length = [], [], 0, 0
    for piece in sorted([*pieces, *kept]):
        out += [text[at : piece.start], piece.text]
        start = length + piece.start - at
        length = start + len(piece.text)
        spans.append((start, length))
        at = piece.end
    return "".join(out) + text[at:], spans


def _names(batch: Batch, written: Written) -> Names:
    """New names of keys, as pointer tokens, by decision and the pointer they stand under."""
    names: dict[tuple[int, str], dict[str, str]] = {}
    keys = {index for index, each in enumerate(batch.columns) if each.kind is CellKind.KEY}
    for task, pieces in written if keys else ():
        if task.column in keys and pieces:
            column = batch.columns[task.column]
            old = column.values[task.value]
            new, _ = _account(old, (), pieces)
            parent = column.pointer.removeprefix(KEY_PREFIX)
            names.setdefault((task.decision, parent), {})[escape(old)] = escape(new)
    return names


def _outgoing(pointer: str, decision: int, names: Names) -> str:
    """A column's pointer with the keys in it renamed."""
    if not names:
        return pointer
    prefix = KEY_PREFIX if pointer.startswith(KEY_PREFIX) else ""
    parent, *tokens = pointer.removeprefix(prefix).split("/")
    out = [parent]
    for token in tokens:
        out.append(names.get((decision, parent), {}).get(token, token))
        parent += f"/{token}"
    return prefix + "/".join(out)


def _pointers(batch: Batch, classification: Classification, names: Names) -> Mapping[str, str]:
    pointers = {}
    for column, public in zip(batch.columns, classification.pointers, strict=True):
        pointers[column.pointer] = public
        for decision, _ in names:
            pointers[_outgoing(column.pointer, decision, names)] = public
    return pointers


def _applied(marking: Marking) -> dict[int, dict[tuple[str, str], int]]:
    """Findings by (treatment, category), for each decision."""
    applied: dict[int, dict[tuple[str, str], int]] = {}
    for group in marking.alike:
        at = group.treatment, group.category
        for decision, count in group.counted().items():
            counts = applied.setdefault(decision, {})
            counts[at] = counts.get(at, 0) + count
    for decision, _, _, marks, handles, _ in marking.tasks:
        counts = applied.setdefault(decision, {})
        for _, _, treatment, category, _ in marks:
            at = treatment, category
            counts[at] = counts.get(at, 0) + len(handles)
    return applied


def _together(counted: Iterable[Mapping[tuple[str, str], int]]) -> dict[tuple[str, str], int]:
    counted = list(counted)
    if len(counted) == 1:
        return dict(counted[0])
    total: Counter[tuple[str, str]] = Counter()
    for counts in counted:
        total.update(counts)
    return dict(total)
