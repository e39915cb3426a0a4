"""Values that one finding fills, treated in whole columns: most findings are of this kind.

What is done to such a value follows from its column, category and decision alone. So the cells of
a column are parted by what is done to them, and each part goes through operators, edits and
accounts as a few arrays. What needs more is a `Task` of its own (`gateway.treatment.marking`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Final, NamedTuple

from classifiers.model import Column
from gateway.codecs.model import Edit, Piece
from gateway.operators.registry import KEEP
from gateway.treatment.echoes import Echoes, Mark
from gateway.treatment.rulings import Rulings

_new: Final = tuple.__new__  # makes a NamedTuple in half the time
Kind = tuple[str, str]  # category and entity of a finding
Span = tuple[int, int]


class Alike(NamedTuple):
    """Cells of a column that are treated whole and in one way. The sequences run in parallel."""

    column: int
    treatment: str
    category: str
    entity: str
    decisions: Sequence[int]
    values: Sequence[int]
    rows: Sequence[int]
    handles: Sequence[int]

    def texts(self, column: Column) -> list[str]:
        """The text of each cell."""
        return list(map(column.values.__getitem__, self.values))

    def edits(self, old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, Edit]]:
        """By handle, the edit that writes `new` over each cell's `old` text."""
        pieces = map(_new, repeat(Piece), zip(repeat(0), map(len, old), new))
        return zip(self.handles, map(Edit, zip(pieces)), strict=True)

    def counted(self) -> Mapping[int, int]:
        """How many findings each decision holds for."""
        return Counter(self.decisions)


def full_spans(texts: Sequence[str]) -> Iterator[tuple[Span]]:
    """For each text the one span that is all of it."""
    return zip(zip(repeat(0), map(len, texts)))


def alike(
    index: int, column: Column, kinds: Mapping[int, Kind], rulings: Rulings, pointer: str
) -> list[Alike]:
    """The cells of a column that hold one of the values in `kinds`, by what is done to them."""
    rows, handles = column.rows, column.handles
    if isinstance(column.refs, range):  # each cell has a value of its own
        cells: Sequence[int] = list(kinds)
        values = cells
    else:
        cells = [cell for cell, value in enumerate(column.refs) if value in kinds]
        values = list(map(column.refs.__getitem__, cells))
    rows = list(map(rows.__getitem__, cells))
    handles = list(map(handles.__getitem__, cells))
    decisions = list(rulings.decisions_of(rows))
    tables, of_values = list(rulings.tables_of(decisions)), map(kinds.__getitem__, values)
    ways = {
        (table, kind): (rulings.treatment(table, pointer, kind[0]), *kind)
        for table in set(tables)
        for kind in set(kinds.values())
    }
    distinct = set(ways.values())
    if len(distinct) == 1:
        return [_new(Alike, (index, *distinct.pop(), decisions, values, rows, handles))]
    told = list(zip(tables, of_values, strict=True))
    parts: dict[tuple[str, str, str], list[int]] = {}
    for number, each in enumerate(told):
        parts.setdefault(ways[each], []).append(number)
    of_cells = (decisions, values, rows, handles)
    return [
        _new(Alike, (index, *way, *[list(map(each.__getitem__, some)) for each in of_cells]))
        for way, some in parts.items()
    ]


def note(group: Alike, column: Column, echoes: Echoes) -> None:
    """Remember the texts of `group` that go, with their records, as far as they are worth it."""
    if group.treatment == KEEP:
        return
    values = list(dict.fromkeys(group.values))
    texts = list(map(column.values.__getitem__, values))
    mark = Mark(0, 0, group.treatment, group.category, group.entity)
    found = echoes.note(texts, repeat(mark))
    bound = {
        value: echo.rows
        for value, echo in zip(values, found, strict=True)
        if echo is not None and not echo.everywhere
    }
    if bound:
        for value, row in zip(group.values, group.rows, strict=True):
            if value in bound:
                bound[value].add(row)
