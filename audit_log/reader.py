"""Reading entries, wherever they lie. Works beside a running log."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from audit_log import frames, sealed
from audit_log.entry import decode, read_header
from audit_log.errors import LogDamaged
from audit_log.segments import Segment, segments


def entries(directory: Path, start: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes]]:
    """(seq, canonical bytes) of the entries in [start, end), as far as they are on disk.

    Of entries that retention has dropped only the shapes are left. Raises `LogDamaged` at the
    first group that cannot be read.
    """
    found = segments(directory)
    for segment, after in zip_longest(found, found[1:]):
        if after is not None and after.first <= start:
            continue
        if end is not None and segment.first >= end:
            return
        for seq, data in _of_segment(segment, start, end, is_last=after is None):
            if seq >= start and (end is None or seq < end):
                yield seq, data


def documents(directory: Path, start: int = 0, end: int | None = None) -> Iterator[dict[str, Any]]:
    """The entries in [start, end), decoded."""
    for _, data in entries(directory, start, end):
        yield decode(data)


def entry(directory: Path, seq: int) -> bytes:
    """The canonical bytes of one entry. Raises `KeyError` where the log does not hold it."""
    for _, data in entries(directory, seq, seq + 1):
        return data
    raise KeyError(f"the log holds no entry {seq}")


def _of_segment(
    segment: Segment, start: int, end: int | None, *, is_last: bool
) -> Iterator[tuple[int, bytes]]:
    if segment.is_dropped:
        kept = chain.from_iterable(sealed.read(segment.path))
        return ((read_header(data).seq, data) for data in kept)
    if (frames_of := segment.read_frames()) is not None:
        return _of_frames(segment, frames_of, is_last=is_last)
    segment = segment.sealed()
    low = max(start - segment.first, 0)
    high = None if end is None else end - segment.first
    return enumerate(chain.from_iterable(sealed.read(segment.path, low, high)), segment.first + low)


def _of_frames(segment: Segment, data: bytes, *, is_last: bool) -> Iterator[tuple[int, bytes]]:
    seq, end = segment.first, 0
    for frame in frames.frames(data):
        yield from enumerate(frame.entries, seq)
        seq, end = seq + len(frame.entries), frame.end
    # The last group may still be on its way to the disk; anything else is damage.
    if end != len(data) and (not is_last or frames.holds_frame(data[end:])):
        raise LogDamaged(f"{segment.path.name}: the group at entry {seq} is damaged")
