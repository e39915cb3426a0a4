"""The batch guard: no combination of quasi-identifiers belongs to fewer than k records.

Values are made coarser column by column, always the column with most different values first
(Datafly, Sweeney 1997), until the records that still stand out are few enough to lose; their
quasi-identifiers are removed. Protects against singling out by these columns only (GB/T 37964):
not a statement that the data is anonymous.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from classifiers.model import Batch
from gateway.codecs.model import REMOVE, Change, Edit, Piece
from gateway.operators.generalize import (
    age_band,
    city,
    decade,
    magnitude,
    month,
    network,
    province,
    year,
)
from gateway.operators.kinds import Kind, kind_of

_BAND: Final = re.compile(r"[0-9]+(?:-[0-9]+|\+)")
_Step = Callable[[str], str]
ANY: Final = "*"
MAX_LOST: Final = 0.05  # of the records


class AnonymityOutOfReach(Exception):
    """No generalization within the allowed loss gives every group k records."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the guard did: `edits` by handle, and its cost.

    `steps` counts how often each column was made coarser; `lost` are the records whose
    quasi-identifiers were removed; `smallest` is the size of the smallest group that is left.
    """

    edits: Mapping[int, Change]
    steps: Mapping[str, int]
    lost: Sequence[int]
    smallest: int

    def cost(self, k: int) -> dict[str, Any]:
        """What an entry and a reply say of it."""
        steps = [{"pointer": pointer, "steps": n} for pointer, n in sorted(self.steps.items())]
        return {"k": k, "smallest": self.smallest, "suppressed": len(self.lost), "steps": steps}


def _any(text: str) -> str:
    del text
    return ANY


def _or_same(step: _Step, coarse: re.Pattern[str]) -> _Step:
    """`step`, which leaves alone what a treatment has made as coarse before."""
    return lambda text: text if coarse.fullmatch(text) else step(text)


_MONTH: Final = _or_same(month, re.compile(r"[0-9]{4}(?:-Q[1-4]|s)?"))
_YEAR: Final = _or_same(year, re.compile(r"[0-9]{3}0s"))
LADDERS: Final[Mapping[Kind, Sequence[_Step]]] = {
    Kind.BIRTH: (_MONTH, _YEAR, decade, _any),
    Kind.TIME: (_MONTH, _YEAR, _any),
    Kind.AGE: (_or_same(age_band, _BAND), _any),
    Kind.ADDRESS: (city, province, _any),
    Kind.NETWORK: (network, _any),
    Kind.NUMBER: (_or_same(magnitude, _BAND), _any),
}


class AnonymitySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[routes.<name>.k_anonymity]`.

    `quasi`: the quasi-identifiers, pointer within a record to entity; `max_lost`: the part of the
    records whose quasi-identifiers may be removed.
    """

    k: Annotated[int, Meta(ge=2)]
    quasi: Annotated[dict[str, str], Meta(min_length=1)]
    max_lost: Annotated[float, Meta(ge=0, le=0.5)] = MAX_LOST

    def within(self, records: str) -> dict[str, str]:
        """Pointers within a body whose array of records is at `records`, to entities."""
        roots = {"", "/*", f"{records}/*"}
        return {root + pointer: entity for pointer, entity in self.quasi.items() for root in roots}


def guard(batch: Batch, quasi: Mapping[str, str], *, k: int, max_lost: float = MAX_LOST) -> Guarded:
    """Generalize the columns of `quasi` (pointer to entity) until groups have `k` records.

    Each step starts from the original value. Raises `AnonymityOutOfReach`.
    """
    columns = [
        i for i, column in enumerate(batch.columns) if column.pointer in quasi and column.rows
    ]
    names = [batch.columns[i].pointer for i in columns]
    ladders = [LADDERS.get(kind_of(quasi[name]), (_any,)) for name in names]
    steps = [0] * len(columns)
    while True:
        texts = [
            [_stepped(text, ladder, step) for text in batch.columns[i].values]
            for i, ladder, step in zip(columns, ladders, steps, strict=True)
        ]
        groups = _groups(batch, columns, texts)
        sizes = Counter(groups)
        lost = [row for row, group in enumerate(groups) if sizes[group] < k]
        if len(lost) <= max_lost * batch.records and len(lost) < max(batch.records, 1):
            break
        open_columns = [i for i, step in enumerate(steps) if step < len(ladders[i])]
        if not open_columns:
            raise AnonymityOutOfReach(f"{len(lost)} of {batch.records} records stand out among {k}")
        steps[max(open_columns, key=lambda i: len(set(texts[i])))] += 1
    return Guarded(
        edits=_edits(batch, columns, texts, frozenset(lost)),
        steps=dict(zip(names, steps, strict=True)),
        lost=lost,
        smallest=min((size for size in sizes.values() if size >= k), default=0),
    )


def _stepped(text: str, ladder: Sequence[_Step], step: int) -> str:
    """`text` after so many steps; what a step cannot read becomes `*`."""
    return (ladder[step - 1](text) or ANY) if step else text


def _groups(
    batch: Batch, columns: Sequence[int], texts: Sequence[Sequence[str]]
) -> list[tuple[tuple[str, ...], ...]]:
    """Of each record, its quasi-identifiers: for each column, the sorted texts it has there."""
    found: list[list[list[str]]] = [[[] for _ in columns] for _ in range(batch.records)]
    for at, i in enumerate(columns):
        column = batch.columns[i]
        for row, ref in zip(column.rows, column.refs, strict=True):
            if row >= 0:
                found[row][at].append(texts[at][ref])
    return [tuple(tuple(sorted(cells)) for cells in record) for record in found]


def _edits(
    batch: Batch, columns: Sequence[int], texts: Sequence[Sequence[str]], lost: frozenset[int]
) -> dict[int, Change]:
    edits: dict[int, Change] = {}
    for at, i in enumerate(columns):
        column = batch.columns[i]
        for row, ref, handle in zip(column.rows, column.refs, column.handles, strict=True):
            old, new = column.values[ref], texts[at][ref]
            if row in lost:
                edits[handle] = REMOVE
            elif new != old:
                edits[handle] = Edit((Piece(0, len(old), new),))
    return edits
