"""What treated data is still good for: which columns can be joined, and what is left to count.

Shows counts and ratios only, no value: it may be printed and kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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
    texts = [_after(column, edits) for column in batch.columns]
    changed = [i for i, new in enumerate(texts) if new is not None]
    columns = [_column(batch.columns[i], pointers[i], texts[i] or []) for i in changed]
    before = [frozenset(column.values) for column in batch.columns]
    after = [
        before[i] if new is None else frozenset(text for text in new if text is not None)
        for i, new in enumerate(texts)
    ]
    joins = []
    for i, j in combinations(range(len(texts)), 2):
        shared = before[i] & before[j]
        smaller = min(len(before[i]), len(before[j]))
        if len(shared) >= max(_MIN_SHARED, _JOINED * smaller) and {i, j} & set(changed):
            kept = len(after[i] & after[j])
            joins.append(Join(pointers[i], pointers[j], len(shared), min(kept, len(shared))))
    return Utility(columns, joins)


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
    return ColumnUtility(
        pointer=pointer,
        cells=len(new),
        removed=len(new) - len(kept),
        distinct_before=len(column.values),
        distinct_after=len(counts),
        one_to_one=len(kept) == len(new) and len(pairs) == len(counts) == len(column.values),
        entropy_kept=round(min(_entropy(counts.values()) / entropy, 1.0), 3) if entropy else 1.0,
    )


def _entropy(counts: Collection[int]) -> float:
    """Shannon entropy in bits."""
    total = sum(counts)
    return -sum(n / total * math.log2(n / total) for n in counts)
