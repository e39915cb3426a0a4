"""Segments: the files that hold the entries, named by the index of their first entry."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO, Final

from audit_log import durable, frames, sealed
from audit_log.errors import LogDamaged

ACTIVE: Final = ".frm"
SEALED: Final = ".parquet"
DROPPED: Final = ".pruned"
SEGMENT_ENTRIES: Final = 65_536
SEGMENT_US: Final = 3_600_000_000
SEGMENT_BYTES: Final = 48 << 20  # a segment is read in memory


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of entries."""

    first: int
    path: Path

    @property
    def is_sealed(self) -> bool:
        """Whether it is Parquet, and never written again."""
        return self.path.suffix == SEALED

    @property
    def is_dropped(self) -> bool:
        """Whether retention has dropped its entries, all but the shapes."""
        return self.path.suffix == DROPPED

    def read_frames(self) -> bytes | None:
        """The bytes of an active segment; None if it is sealed, perhaps since it was listed."""
        try:
            return self.path.read_bytes() if self.path.suffix == ACTIVE else None
        except FileNotFoundError:
            return None

    def open_frames(self) -> BinaryIO | None:
        """An active segment for reading; None if it is sealed, perhaps since it was listed."""
        try:
            return self.path.open("rb") if self.path.suffix == ACTIVE else None
        except FileNotFoundError:
            return None

    def sealed(self) -> Segment:
        """The same entries once they are sealed."""
        return Segment(self.first, self.path.with_suffix(SEALED))


def segments(directory: Path) -> list[Segment]:
    """The log's segments in order. What was sealed or dropped already is left out."""
    found: dict[int, Segment] = {}
    for path in sorted((directory / "seg").iterdir()):  # .frm, .parquet, .pruned: the last counts
        if path.suffix in (ACTIVE, SEALED, DROPPED) and path.stem.isdigit():
            found[int(path.stem)] = Segment(int(path.stem), path)
    return [found[first] for first in sorted(found)]


def with_next(found: Sequence[Segment]) -> list[tuple[Segment, Segment | None]]:
    """Each segment and the one after it."""
    return list(zip(found, [*found[1:], None], strict=False))


def active_path(directory: Path, first: int) -> Path:
    """Where the active segment starting at `first` lies."""
    return directory / "seg" / f"{first:016d}{ACTIVE}"


def unsealed(directory: Path) -> list[tuple[Segment, int]]:
    """Segments of frames that another follows, with their ends."""
    return [
        (segment, after.first)
        for segment, after in pairwise(segments(directory))
        if segment.path.suffix == ACTIVE
    ]


def remove_replaced(directory: Path) -> None:
    """Finish what a crash between replacing a segment's file and removing it left over."""
    standing = {segment.path for segment in segments(directory)}
    for path in (directory / "seg").iterdir():
        if path.suffix in (ACTIVE, SEALED) and path not in standing:
            durable.remove_file(path)


def seal(segment: Segment) -> None:
    """Turn a finished segment of frames into Parquet. Raises `LogDamaged` where it is not whole."""
    with segment.path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            raise LogDamaged(f"{segment.path.name}: empty; it is not sealed")
        with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            head = data[-frames.CHAIN_BYTES :]  # of the last frame, if the segment is whole
            sealed.write(segment.sealed().path, _row_groups(data, segment.path.name), head)
    durable.remove_file(segment.path)


def _row_groups(data: mmap, name: str) -> Iterator[list[bytes]]:
    entries = chain.from_iterable(_groups(data, name))
    while group := list(islice(entries, sealed.GROUP_ROWS)):
        yield group


def _groups(data: mmap, name: str) -> Iterator[Sequence[bytes]]:
    """The entries of all frames. Raises `LogDamaged` behind the last one if something is left."""
    end = 0
    for frame in frames.frames(data):
        end = frame.end
        yield frame.entries
    if end != len(data):
        raise LogDamaged(f"{name}: damaged; it is not sealed")


class SegmentWriter:
    """Appends frames to the active segment and starts a new one when it is full or old."""

    def __init__(
        self,
        directory: Path,
        *,
        first: int,
        since_us: int | None,
        finished: Callable[[Segment, int], None],
    ) -> None:
        self._directory = directory
        self._finished = finished  # told each segment that is over, and its end
        self._first = first
        self._since_us = since_us  # time of the segment's first entry
        self._open()

    def append(self, frame: bytes, *, seq: int, ts_us: int) -> None:
        """Write one group that starts at entry `seq` and make it durable."""
        if self._is_over(seq, ts_us):
            self.close()
            self._finished(Segment(self._first, active_path(self._directory, self._first)), seq)
            self._first, self._since_us = seq, None
            self._open()
        if self._since_us is None:
            self._since_us = ts_us
        durable.write_all(self._fd, frame)
        os.fdatasync(self._fd)
        self._bytes += len(frame)

    def close(self) -> None:
        """Close the active file."""
        os.close(self._fd)

    def _is_over(self, seq: int, ts_us: int) -> bool:
        return self._since_us is not None and (
            seq - self._first >= SEGMENT_ENTRIES
            or ts_us - self._since_us >= SEGMENT_US
            or self._bytes >= SEGMENT_BYTES
        )

    def _open(self) -> None:
        path = active_path(self._directory, self._first)
        existed = path.exists()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        self._fd = os.open(path, flags, 0o600)
        self._bytes = os.fstat(self._fd).st_size
        if not existed:
            durable.sync_directory(path.parent)
