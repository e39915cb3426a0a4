"""What the places of a batch say before any value is read: labels, and support for detectors.

Exports of one route have the same places again and again, and many hold one record. What their
names say is then worked out once; every value is inspected all the same. Where values have a say
in what a column is (many values, or a doubtful name), they are asked each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import msgspec

from classifiers.characteristic import FEWEST
from classifiers.columns import ColumnLabel, NamedPlace, Place, label_columns, name_places
from classifiers.model import CellKind, Column, NotAlike
from classifiers.support import Hints

_MOST_PLACES: Final = 256  # a batch with more is no record of a route
_MOST_PLANS: Final = 256
Hinting = Callable[[Column, ColumnLabel], Hints]


@dataclass(frozen=True, slots=True)
class Plan:
    """Label and hints of each column; those in doubt are for their values to decide."""

    labels: Sequence[ColumnLabel]
    hints: Sequence[Hints]
    doubtful: Sequence[tuple[int, NamedPlace]] = ()


class Plans:
    """Plans by the places of a batch, so many as a gateway has routes and shapes."""

    def __init__(self, hinting: Hinting) -> None:
        """`hinting`: what a column's place and values speak for."""
        self._hinting: Final = hinting
        self._known: Final = lru_cache(maxsize=_MOST_PLANS)(self._made)

    def of(self, columns: Sequence[Column]) -> Plan:
        """The plan for these columns, values considered."""
        if len(columns) > _MOST_PLACES or _many_valued(columns):
            labels = label_columns(columns)
            return Plan(labels, list(map(self._hinting, columns, labels)))
        plan = self._known(tuple([(c.pointer, c.name, c.kind) for c in columns]))
        if not plan.doubtful:
            return plan
        labels, hints = list(plan.labels), list(plan.hints)
        for index, place in plan.doubtful:
            labels[index] = place.label(columns[index])
            hints[index] = self._hinting(columns[index], labels[index])
        return Plan(labels, hints)

    def of_each(self, columns: Sequence[Column]) -> Plan:
        """The plan that every record by itself would have; all have the same places.

        Raises `NotAlike` where their values would lead to different ones.
        """
        if len(columns) > _MOST_PLACES or any(map(_many_valued_record, columns)):
            raise NotAlike("the values of a record may say what its columns are")
        plan = self._known(tuple([(c.pointer, c.name, c.kind) for c in columns]))
        if not plan.doubtful:
            return plan
        labels, hints = list(plan.labels), list(plan.hints)
        for index, place in plan.doubtful:
            said = [(place.label(each), each) for each in _records(columns[index])]
            labels[index], column = said[0]
            if any(label != labels[index] for label, _ in said):
                raise NotAlike("records differ in what a column of theirs is")
            hints[index] = self._hinting(column, labels[index])
        return Plan(labels, hints)

    def _made(self, places: tuple[Place, ...]) -> Plan:
        empty = [Column(*place, (), (), (), ()) for place in places]
        named = name_places(places)
        labels = [place.label(column) for place, column in zip(named, empty, strict=True)]
        return Plan(
            labels,
            list(map(self._hinting, empty, labels)),
            [(index, place) for index, place in enumerate(named) if place.doubtful],
        )


def _many_valued_record(column: Column) -> bool:
    """Whether one record's values in a column are so many that they may say what it is."""
    if len(column.values) < FEWEST or column.kind is CellKind.KEY:
        return False
    counts = Counter(row for row, _ in set(zip(column.rows, column.refs, strict=True)))
    return max(counts.values(), default=0) >= FEWEST


def _records(column: Column) -> list[Column]:
    """The column as each record by itself has it, as far as labels and hints depend on it."""
    values: dict[int, dict[int, None]] = {}
    for row, ref in zip(column.rows, column.refs, strict=True):
        values.setdefault(row, {})[ref] = None
    distinct = dict.fromkeys(tuple(refs) for refs in values.values())
    return [
        msgspec.structs.replace(column, values=[column.values[ref] for ref in refs])
        for refs in distinct
    ]


def _many_valued(columns: Sequence[Column]) -> bool:
    """Whether a column has so many values that they may say what it is."""
    for column in columns:
        if len(column.values) >= FEWEST and column.kind is not CellKind.KEY:
            return True
    return False
