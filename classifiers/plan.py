"""What the places of a batch say before any value is read: labels, and support for detectors.

Exports of one route have the same places again and again, and many hold one record. What their
names say is then worked out once; every value is inspected all the same. Where values have a say
in what a column is (many values, or a doubtful name), they are asked each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from classifiers.characteristic import FEWEST
from classifiers.columns import ColumnLabel, NamedPlace, Place, label_columns, name_places
from classifiers.model import CellKind, Column
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

    def _made(self, places: tuple[Place, ...]) -> Plan:
        empty = [Column(*place, (), (), (), ()) for place in places]
        named = name_places(places)
        labels = [place.label(column) for place, column in zip(named, empty, strict=True)]
        return Plan(
            labels,
            list(map(self._hinting, empty, labels)),
            [(index, place) for index, place in enumerate(named) if place.doubtful],
        )


def _many_valued(columns: Sequence[Column]) -> bool:
    """Whether a column has so many values that they may say what it is."""
    for column in columns:
        if len(column.values) >= FEWEST and column.kind is not CellKind.KEY:
            return True
    return False
