"""What treated data is still good for: which columns can be joined, and what is left to count.

Shows counts and ratios only, no value: it may be printed and kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from classifiers.model import Batch, CellKind, Column
from gateway.codecs.model import Change, Edit, splice

_JOINED: Final = 0.5  # columns that share this part of the smaller one's values are joined on
_MIN_SHARED: Final = 2


@dataclass(frozen=True, slots=True)
class ColumnUtility:
    """One column before and after: distinct values, and the part of its entropy that is left.

    `one_to_one`: different values stay different, so records can still be grouped and joined.
    """

    pointer: str
    cells: int
    removed: int
    distinct_before: int
    distinct_after: int
    one_to_one: bool
    entropy_kept: float


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """The distinct values of a column before and after, as this process's hashes of them."""

    pointer: str
    changed: bool
    before: frozenset[int]
    after: frozenset[int]


@dataclass(frozen=True, slots=True)
class Join:
    """Two columns with common values: how many distinct ones before, and after."""

    left: str
    right: str
    shared_before: int
    shared_after: int


@dataclass(frozen=True, slots=True)
class Utility:
    """Columns that were changed, and joins that have such a column in them."""

    columns: Sequence[ColumnUtility]
    joins: Sequence[Join]


def utility(batch: Batch, pointers: Sequence[str], edits: Mapping[int, Change]) -> Utility:
    """Compare `batch` with itself under `edits`; `pointers` are the columns' public pointers."""
    columns = [
        _column(column, pointer, new)
        for column, pointer in zip(batch.columns, pointers, strict=True)
        if (new := _after(column, edits)) is not None
    ]
    return Utility(columns, joins(combinations(values_of(batch, pointers, edits), 2)))


def values_of(
    batch: Batch, pointers: Sequence[str], edits: Mapping[int, Change]
) -> list[ColumnValues]:
    """What `joins` looks at, of each column."""
    found = []
    for column, pointer in zip(batch.columns, pointers, strict=True):
        before = after = frozenset(map(hash, column.values))
        new = _after(column, edits)
        if new is not None:
            after = frozenset(hash(text) for text in new if text is not None)
        found.append(ColumnValues(pointer, new is not None, before, after))
    return found


def joins(pairs: Iterable[tuple[ColumnValues, ColumnValues]]) -> list[Join]:
    """The pairs that can be joined on and have a changed column, and what is left of each."""
    found = []
    for left, right in pairs:
        shared = len(left.before & right.before)
        smaller = min(len(left.before), len(right.before))
        if shared >= max(_MIN_SHARED, _JOINED * smaller) and (left.changed or right.changed):
            kept = len(left.after & right.after)
            found.append(Join(left.pointer, right.pointer, shared, min(kept, shared)))
    return found


def _after(column: Column, edits: Mapping[int, Change]) -> list[str | None] | None:
    """The text of every cell under `edits`, None for a removed one; None if none is changed."""
    if column.kind is CellKind.KEY or not any(handle in edits for handle in column.handles):
        return None
    return [
        _text(column.values[ref], edits.get(handle))
        for ref, handle in zip(column.refs, column.handles, strict=True)
    ]


def _text(text: str, change: Change | None) -> str | None:
    if change is None:
        return text
    return "".join(splice(text, change)) if isinstance(change, Edit) else None


def _column(column: Column, pointer: str, new: Sequence[str | None]) -> ColumnUtility:
    pairs = {(ref, text) for ref, text in zip(column.refs, new, strict=True)}
    kept = [text for text in new if text is not None]
    counts = Counter(kept)
    entropy = _entropy(Counter(column.refs).values())
    left = min(_entropy(counts.values()) / entropy, 1.0) if entropy else float(bool(kept))
    return ColumnUtility(
        pointer=pointer,
        cells=len(new),
        removed=len(new) - len(kept),
        distinct_before=len(column.values),
        distinct_after=len(counts),
        one_to_one=len(kept) == len(new) and len(pairs) == len(counts) == len(column.values),
        entropy_kept=round(left, 3),
    )


def _entropy(counts: Collection[int]) -> float:
    """Shannon entropy in bits."""
    total = sum(counts)
    return -sum(n / total * math.log2(n / total) for n in counts)
