"""What stands for what in a treated batch, as far as an answer may be turned back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ahocorasick_rs import AhoCorasick

from classifiers.model import Batch, CellKind, Classification
from gateway.codecs.model import Piece
from gateway.operators.registry import operator
from gateway.treatment.marking import Task
from gateway.treatment.rulings import Rulings

TOKEN: Final = re.compile(r"(?:psn|aes|sm4)_[1-9][0-9]*_[A-Za-z0-9_-]+")  # says itself what it is
_BOUNDARY: Final = "\n"

Pieces = tuple[Piece, ...]
Written = Sequence[tuple[Task, Pieces | None]]  # None: the whole value goes


@dataclass(frozen=True, slots=True)
class StandIn:
    """The one text that another stands for, its category, the names of the fields it stood in."""

    original: str
    names: frozenset[str]
    category: str = ""


def stand_ins(
    batch: Batch, classification: Classification, rulings: Rulings, written: Written
) -> dict[str, StandIn]:
    """By new text, what it stands for: where policy restores, and one text stands for one.

    A text that was also sent as it is (a made-up name that somebody has) stands for nothing.
    """
    found: dict[str, StandIn | None] = {}
    for task, pieces in written if rulings.restoring else ():
        column = batch.columns[task.column]
        if column.kind is CellKind.KEY or not pieces:
            continue
        pointer = classification.pointers[task.column]
        marks = {mark.start: mark for mark in task.marks if operator(mark.treatment).restorable}
        for piece in pieces if marks else ():
            mark = marks.get(piece.start)
            if mark is not None:
                restored = rulings.restores(task.decision, pointer, mark.category)
                original = column.values[task.value][piece.start : piece.end]
                names = frozenset({column.name} if restored else ())
                _note(found, piece.text, StandIn(original, names, mark.category))
    usable = {text: each for text, each in found.items() if each is not None and each.names}
    for text in _sent(batch, list(usable)):
        del usable[text]
    return usable


def _note(found: dict[str, StandIn | None], text: str, new: StandIn) -> None:
    known = found.get(text, new)
    if known is None or known.original != new.original:
        found[text] = None  # two originals: nobody can tell which
    else:
        found[text] = StandIn(new.original, known.names | new.names, known.category)


def _sent(batch: Batch, texts: Sequence[str]) -> set[str]:
    """Those of `texts` that stand in the batch as it came."""
    if not texts:
        return set()
    values = _BOUNDARY.join(value for column in batch.columns for value in column.values)
    seen = AhoCorasick(list(texts)).find_matches_as_indexes(values, overlapping=True)
    return {texts[which] for which, _, _ in seen}


def joined(groups: Sequence[Mapping[str, StandIn]]) -> dict[str, StandIn]:
    """The stand-ins of a request's groups together."""
    found: dict[str, StandIn | None] = {}
    for group in groups:
        for text, each in group.items():
            _note(found, text, each)
    return {text: each for text, each in found.items() if each is not None}
