"""What stands for what in a treated batch, as far as an answer may be turned back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.model import Batch, CellKind, Classification
from gateway.codecs.model import Piece
from gateway.operators.registry import operator
from gateway.treatment.marking import Task
from gateway.treatment.rulings import Rulings

Pieces = tuple[Piece, ...]
Written = Sequence[tuple[Task, Pieces | None]]  # None: the whole value goes


@dataclass(frozen=True, slots=True)
class StandIn:
    """The one text that another stands for, and the names of the fields it stood in."""

    original: str
    names: frozenset[str]


def stand_ins(
    batch: Batch, classification: Classification, rulings: Rulings, written: Written
) -> dict[str, StandIn]:
    """By new text, what it stands for: where policy restores, and one text stands for one."""
    treatments = {mark.treatment for task, _ in written for mark in task.marks}
    if not any(operator(treatment).restorable for treatment in treatments):
        return {}
    found: dict[str, StandIn | None] = {}
    for task, pieces in written:
        column = batch.columns[task.column]
        if column.kind is CellKind.KEY or not pieces:
            continue
        pointer = classification.pointers[task.column]
        restored = {
            mark.start: rulings.restores(task.decision, pointer, mark.category)
            for mark in task.marks
            if operator(mark.treatment).restorable
        }
        for piece in pieces if restored else ():
            if piece.start in restored:
                original = column.values[task.value][piece.start : piece.end]
                names = frozenset({column.name} if restored[piece.start] else ())
                known = found.get(piece.text, StandIn(original, frozenset()))
                if known is not None and known.original == original:
                    found[piece.text] = StandIn(original, known.names | names)
                else:
                    found[piece.text] = None  # two originals: nobody can tell which
    return {text: each for text, each in found.items() if each is not None and each.names}
