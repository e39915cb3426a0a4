"""Reading sealed segments in processes of their own, ahead of the walk that joins them.

A part begins where the tiles and the segment before say that it begins. It counts only where the
walk has itself come to that very place; everything else, damage before all, the walk reads again
by itself, so that what it says of it is the same however many processes there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from audit_log import sealed
from audit_log.errors import LogDamaged
from audit_log.heads import SignedTree
from audit_log.report import Damage
from audit_log.segments import Segment, segments
from audit_log.walk import Part, Place, Walk

_WORTH: Final = 4  # sealed segments, from which on starting processes pays


def read_part(walk: Walk, before: Segment, segment: Segment) -> Part | None:
    """Read `segment`, which follows `before`; None where there is anything wrong with it."""
    try:
        walk.chain = sealed.chain(before.path)
        walk.tree.start(segment.first)
        begins = Place.of(walk)
        first_us = next(sealed.read_times(segment.path))
        walk.read_sealed(segment)
    except (Damage, LogDamaged, OSError, StopIteration):
        return None
    return Part(begins, first_us, walk)


class Parts:
    """Reads ahead of one walk over `directory`, a segment for each of `workers`."""

    def __init__(
        self, directory: Path, tree: SignedTree, pool: ProcessPoolExecutor, workers: int
    ) -> None:
        self._directory, self._tree = directory, tree
        self._pool, self._ahead = pool, workers + 1
        self._asked: dict[int, Future[Part | None]] = {}

    def of(self, found: Sequence[Segment], place: int) -> Part | None:
        """The part of the segment at `place`, those behind it being read meanwhile."""
        for at in range(place, min(place + self._ahead, len(found))):
            segment, before = found[at], found[at - 1] if at else None
            if segment.first not in self._asked and before and _can_begin(segment, before):
                end = found[at + 1].first if at + 1 < len(found) else None
                walk = Walk(self._directory, self._tree.between(segment.first, end), segment.first)
                self._asked[segment.first] = self._pool.submit(read_part, walk, before, segment)
        asked = self._asked.get(found[place].first)
        return asked.result() if asked else None


def _can_begin(segment: Segment, before: Segment) -> bool:
    return segment.is_sealed and (before.is_sealed or before.is_dropped)


@contextmanager
def reading_ahead(directory: Path, tree: SignedTree, workers: int) -> Iterator[Parts | None]:
    """Parts for a walk over `directory`; None where one process does as well."""
    count = sum(segment.is_sealed for segment in segments(directory))
    if workers < 2 or count < _WORTH:
        yield None
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield Parts(directory, tree, pool, workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
