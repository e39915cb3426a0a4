"""From findings and decisions to edits: pure, over columns, once per distinct value.

Silence suppresses: a confirmed or likely finding that a decision does not name goes. A treated
text that stands elsewhere in the same record is treated there in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from classifiers.model import KEY_PREFIX, Batch, CellKind, Classification, Column
from gateway.codecs.model import REMOVE, Change, Edit, Piece
from gateway.codecs.places import escape
from gateway.marking import KeyCellsNeeded, Mark, Marking, Marks, Task
from gateway.operators.model import OperatorContext
from gateway.operators.registry import KEEP, SUPPRESS, operator
from gateway.rulings import Rulings, must_treat
from policies.model import Decision

__all__ = ["KeyCellsNeeded", "OperatorContext", "Span", "Treated", "desensitize", "needs_key_cells"]

Span = tuple[int, int]
Outgoing = tuple[int, str, str]  # decision, pointer and text of a cell as it leaves


@dataclass(frozen=True, slots=True)
class Treated:
    """What is done to a batch.

    `edits` by cell handle; `applied` counts findings by (treatment, category). `originals` are
    the canonical texts that must be gone, with their category and the records they must be gone
    from (empty: all). `accounted` lists, for cells as they leave, the spans that an operator wrote
    or that policy keeps. `pointers` is the public pointer of each column, by its outgoing pointer.
    """

    edits: Mapping[int, Change]
    applied: Mapping[tuple[str, str], int]
    originals: Mapping[str, tuple[str, frozenset[int]]]
    accounted: Mapping[Outgoing, Sequence[Span]]
    pointers: Mapping[str, str]


Texts = Mapping[tuple[str, str, str], Mapping[str, str]]  # treatment, category, entity -> old, new
Pieces = tuple[Piece, ...] | None  # None: the whole value goes
Names = Mapping[tuple[int, str], Mapping[str, str]]  # decision, parent pointer -> old, new token


def needs_key_cells(batch: Batch, classification: Classification) -> bool:
    """Whether a key holds a finding that policy must treat, so that the batch needs key cells."""
    return any(
        batch.columns[finding.column].kind is CellKind.KEY and must_treat(finding)
        for finding in classification.findings
    )


def desensitize(
    batch: Batch,
    classification: Classification,
    decisions: Sequence[Decision],
    assignment: Sequence[int],
    context: OperatorContext,
) -> Treated:
    """The edits that carry out `decisions` on `batch`; `assignment` is each record's decision.

    Raises `KeyCellsNeeded`, `UnknownTreatment`, and what operators and keys raise.
    """
    marking = Marking(batch, classification, Rulings(decisions, assignment))
    tasks = marking.tasks()
    written = _written(batch, tasks, _operated(batch, tasks, context))
    names = _names(batch, written)
    edits: dict[int, Change] = {}
    accounted: dict[Outgoing, Sequence[Span]] = {}
    pointers = {c.pointer: p for c, p in zip(batch.columns, classification.pointers, strict=True)}
    for task, pieces in written.items():
        decision, index, ref, marks = task
        if pieces is None:
            edits.update(dict.fromkeys(tasks[task], REMOVE))
            continue
        if pieces:
            edits.update(dict.fromkeys(tasks[task], Edit(pieces)))
        pointer = _outgoing(batch.columns[index].pointer, decision, names)
        new, spans = _account(batch.columns[index].values[ref], marks, pieces)
        accounted[decision, pointer, new] = spans
    for decision in {decision for decision, _ in names}:
        for column, public in zip(batch.columns, classification.pointers, strict=True):
            pointers[_outgoing(column.pointer, decision, names)] = public
    return Treated(edits, _applied(tasks), _originals(marking), accounted, pointers)


def _operated(batch: Batch, tasks: Mapping[Task, object], context: OperatorContext) -> Texts:
    """New texts: every operator is called once for each kind of value, on distinct texts."""
    old: dict[tuple[str, str, str], dict[str, None]] = {}
    for _, index, ref, marks in tasks:
        text = batch.columns[index].values[ref]
        for mark in marks:
            if mark.treatment != KEEP:
                kind = mark.treatment, mark.category, mark.entity
                old.setdefault(kind, {})[text[mark.start : mark.end]] = None
    new = {}
    for kind, texts in old.items():
        treatment, category, entity = kind
        of_kind = replace(context, category=category, entity=entity)
        results = operator(treatment).apply(list(texts), of_kind)
        new[kind] = dict(zip(texts, results, strict=True))
    return new


def _written(batch: Batch, tasks: Mapping[Task, object], texts: Texts) -> dict[Task, Pieces]:
    """What is written for each task."""
    written: dict[Task, Pieces] = {}
    keys: dict[tuple[int, int], set[str]] = {}  # texts in use, by decision and key column
    for task in tasks:
        decision, index, ref, marks = task
        column = batch.columns[index]
        text = column.values[ref]
        pieces = tuple(
            Piece(m.start, m.end, texts[m.treatment, m.category, m.entity][text[m.start : m.end]])
            for m in marks
            if m.treatment != KEEP
        )
        if column.kind is CellKind.KEY:
            taken = keys.setdefault((decision, index), set(column.values))
            pieces = _distinct(column, ref, pieces, taken)
        elif any(m.treatment == SUPPRESS and _whole(text, m) for m in marks):
            written[task] = None
            continue
        written[task] = pieces
    return written


def _whole(text: str, mark: Mark) -> bool:
    """Whether a mark leaves nothing of a text but spaces."""
    return not text[: mark.start].strip() and not text[mark.end :].strip()


def _distinct(
    column: Column, ref: int, pieces: tuple[Piece, ...], taken: set[str]
) -> tuple[Piece, ...]:
    """Pieces that give a key no other key of the column has: `<ENTITY_n>`, or the text and `_n`.

    `n` numbers the column's distinct keys from 1.
    """
    if not pieces:
        return pieces
    *first, last = pieces
    number = f"_{ref + 1}"
    text = last.text[:-1] + number + ">" if last.text.endswith(">") else last.text
    new = (*first, replace(last, text=text))
    while (key := _account(column.values[ref], (), new)[0]) in taken:
        text += number
        new = (*first, replace(last, text=text))
    taken.add(key)
    return new


def _account(text: str, marks: Marks, pieces: tuple[Piece, ...]) -> tuple[str, list[Span]]:
    """The text as it leaves, and where in it the `pieces` and the kept `marks` stand."""
    kept = [Piece(m.start, m.end, text[m.start : m.end]) for m in marks if m.treatment == KEEP]
    out, spans, at, length = [], [], 0, 0
    for piece in sorted([*pieces, *kept], key=lambda each: each.start):
        out += [text[at : piece.start], piece.text]
        start = length + piece.start - at
        length = start + len(piece.text)
        spans.append((start, length))
        at = piece.end
    return "".join(out) + text[at:], spans


def _names(batch: Batch, written: Mapping[Task, Pieces]) -> Names:
    """New names of keys, as pointer tokens, by decision and the pointer they stand under."""
    names: dict[tuple[int, str], dict[str, str]] = {}
    for (decision, index, ref, _), pieces in written.items():
        column = batch.columns[index]
        if column.kind is CellKind.KEY and pieces:
            old = column.values[ref]
            new, _ = _account(old, (), pieces)
            parent = column.pointer.removeprefix(KEY_PREFIX)
            names.setdefault((decision, parent), {})[escape(old)] = escape(new)
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


def _applied(tasks: Mapping[Task, Sequence[int]]) -> dict[tuple[str, str], int]:
    applied: Counter[tuple[str, str]] = Counter()
    for (_, _, _, marks), handles in tasks.items():
        for mark in marks:
            applied[mark.treatment, mark.category] += len(handles)
    return dict(applied)


def _originals(marking: Marking) -> dict[str, tuple[str, frozenset[int]]]:
    return {text: (echo.mark.category, echo.reach) for text, echo in marking.echoes.items()}
