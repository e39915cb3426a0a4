"""Segments: the files that hold the entries, named by the index of their first entry."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit_log import durable

ACTIVE: Final = ".frm"
SEGMENT_ENTRIES: Final = 65_536
SEGMENT_US: Final = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of entries."""

    first: int
    path: Path


def segments(directory: Path) -> list[Segment]:
    """The log's segments in order."""
    found = (
        Segment(int(path.stem), path)
        for path in (directory / "seg").iterdir()
        if path.suffix == ACTIVE and path.stem.isdigit()
    )
    return sorted(found, key=lambda segment: segment.first)


def active_path(directory: Path, first: int) -> Path:
    """Where the active segment starting at `first` lies."""
    return directory / "seg" / f"{first:016d}{ACTIVE}"


class SegmentWriter:
    """Appends frames to the active segment and starts a new one when it is full or old."""

    def __init__(self, directory: Path, *, first: int, since_us: int | None) -> None:
        self._directory = directory
        self._first = first
        self._since_us = since_us  # time of the segment's first entry
        self._fd = _open(active_path(directory, first))

    def append(self, frame: bytes, *, seq: int, ts_us: int) -> None:
        """Write one group that starts at entry `seq` and make it durable."""
        if self._is_over(seq, ts_us):
            self.close()
            self._first, self._since_us = seq, None
            self._fd = _open(active_path(self._directory, seq))
        if self._since_us is None:
            self._since_us = ts_us
        durable.write_all(self._fd, frame)
        os.fdatasync(self._fd)

    def close(self) -> None:
        """Close the active file."""
        os.close(self._fd)

    def _is_over(self, seq: int, ts_us: int) -> bool:
        if self._since_us is None:
            return False
        return seq - self._first >= SEGMENT_ENTRIES or ts_us - self._since_us >= SEGMENT_US


def _open(path: Path) -> int:
    existed = path.exists()
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if not existed:
        durable.sync_directory(path.parent)
    return fd
