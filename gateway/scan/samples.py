"""A part of a table that stands for the whole, and how it was taken.

Samples are drawn at random with a fixed seed: the same table gives the same sample. A sample can
show that a field holds something; that it holds nothing is certain only of the records in it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

import msgspec

from classifiers.model import Batch, Column

_SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """How many records were looked at, of how many (about as many where not `exact`)."""

    records: int
    of: int
    exact: bool = True

    @property
    def whole(self) -> bool:
        """Whether every record was looked at."""
        return self.exact and self.records == self.of


@dataclass(frozen=True, slots=True)
class Table:
    """Decoded records of one file, sheet or database table, and what part of it they are.

    `unread` counts cells that hold no text (BLOBs): nobody has looked at them.
    """

    name: str
    batch: Batch
    sample: Sample
    unread: int = 0


@dataclass(frozen=True, slots=True)
class NotInspected:
    """Something that stood in the way of a scan: what it is, and why it was not looked at."""

    name: str
    why: str


def positions(count: int, limit: int) -> list[int]:
    """Which of `count` records belong to a sample of `limit`, ascending."""
    if count <= limit:
        return list(range(count))
    return sorted(random.Random(_SEED).sample(range(count), limit))  # noqa: S311  no secret


def sampled(name: str, batch: Batch, limit: int) -> Table:
    """The table `name` with at most `limit` of the batch's records; cells of none stay."""
    if batch.records <= limit:
        return Table(name, batch, Sample(batch.records, batch.records))
    number = {row: new for new, row in enumerate(positions(batch.records, limit))}
    columns = [_only(column, number) for column in batch.columns]
    part = replace(batch, columns=columns, records=limit)
    return Table(name, part, Sample(limit, batch.records))


def _only(column: Column, number: dict[int, int]) -> Column:
    """The cells in the rows of `number`, which get new numbers, and those of no row."""
    taken = [row < 0 or row in number for row in column.rows]
    refs = list(compress(column.refs, taken))
    if not column.rows:
        return column  # keys without cells
    kept = {ref: new for new, ref in enumerate(dict.fromkeys(refs))}
    return msgspec.structs.replace(
        column,
        values=[column.values[ref] for ref in kept],
        rows=[number.get(row, row) for row in compress(column.rows, taken)],
        refs=[kept[ref] for ref in refs],
        handles=list(compress(column.handles, taken)),
    )
