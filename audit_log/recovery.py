"""Reading a log back: whole groups only, checked against everything that was ever signed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit_log import checkpoint, frames, sealed
from audit_log.checkpoint import Checkpoint
from audit_log.entry import read_headers
from audit_log.errors import BadEntry, LogDamaged
from audit_log.memory import Memory
from audit_log.note import BadNote, VerifierKey
from audit_log.publisher import Place
from audit_log.segments import Segment, segments
from audit_log.tiles import Tile, TiledTree, TileFiles
from audit_log.tree import leaf_hashes


@dataclass(frozen=True, slots=True)
class Cut:
    """A torn group that was removed from the end of the log."""

    bytes: int
    sha256: str


@dataclass(slots=True)
class Recovered:
    """A log as it stands on disk."""

    memory: Memory
    tree: TiledTree
    chain: bytes
    signed: Sequence[Checkpoint]  # what the disk must extend: the published, the remembered
    full: list[Tile]  # complete tiles that no published checkpoint covers yet
    last: Segment | None = None
    since_us: int | None = None  # time of the first entry of the last segment
    cut: Cut | None = None

    @property
    def published(self) -> int:
        """Size of the published checkpoint."""
        return self.signed[0].size


def recover(place: Place, key: VerifierKey) -> Recovered:
    """Read the whole log; remove a torn last group. Raises `LogDamaged` where it must not start."""
    state = Recovered(Memory(), TiledTree(), frames.chain_start(key.name), _signed(place, key), [])
    found = segments(place.directory)
    for segment in found:
        if segment.first != state.memory.size:
            raise LogDamaged(
                f"{segment.path.name}: expected a segment that starts at {state.memory.size}"
            )
        if segment.is_sealed or segment.is_dropped:
            _read_sealed(segment, state)
            continue
        if state.tree.size < segment.first:
            _resume_tree(place, state)
        state.last, state.since_us = segment, None
        _read_active(segment, state, is_last=segment is found[-1])
    if state.tree.size < state.memory.size:
        _resume_tree(place, state)
    for past in state.signed:
        if past.size > state.memory.size:
            raise LogDamaged(
                f"a checkpoint of {past.size} entries was signed, {state.memory.size} are on disk;"
                " restore the log from its newest copy"
            )
    return state


def _signed(place: Place, key: VerifierKey) -> list[Checkpoint]:
    found = []
    for path in (place.checkpoint, place.state):
        try:
            found.append(checkpoint.open_signed(path.read_bytes(), origin=key.name, keys=[key]))
        except FileNotFoundError as error:
            raise LogDamaged(f"{path} is missing; restore it before starting") from error
        except BadNote as error:
            hint = "; a change of keys that was interrupted has to be done again"
            raise LogDamaged(f"{path}: {error}{hint}") from error
    published, remembered = found
    if published.size > remembered.size:
        raise LogDamaged(
            f"{place.state} remembers {remembered.size} signed entries, the log shows"
            f" {published.size}; one of them is an old copy"
        )
    return found


def _read_sealed(segment: Segment, state: Recovered) -> None:
    """Learn from a sealed segment's columns; its entries are read again by verification only."""
    memory = state.memory
    for header, leaf in sealed.headers(segment.path):
        if segment.is_dropped:
            memory.skip(header.seq, memory.ts_us)
        memory.learn(header, leaf)
    if segment.is_dropped:
        dropped = sealed.dropped(segment.path)
        memory.skip(segment.first + dropped.count, dropped.ts_us)
        for seq in dropped.closed:
            memory.unfinished.pop(seq, None)
        memory.unfinished.update(dict.fromkeys(dropped.open))
    state.chain = sealed.chain(segment.path)


def _resume_tree(place: Place, state: Recovered) -> None:
    """Take the tree of all sealed entries from the published tiles."""
    size = state.memory.size
    state.tree = TiledTree.resume(size, TileFiles(place.directory).subtree(size))
    if state.published < size:
        raise LogDamaged(f"{size} entries are sealed, but only {state.published} were signed")
    _compare_roots(state)


def _read_active(segment: Segment, state: Recovered, *, is_last: bool) -> None:
    data = segment.path.read_bytes()
    end = 0
    for frame in frames.frames(data):
        _take_frame(frame, state)
        end = frame.end
    if end == len(data):
        return
    rest = data[end:]
    if not is_last or len(rest) > frames.MAX_FRAME or frames.holds_frame(rest):
        raise LogDamaged(
            f"{segment.path.name}: bytes {end} to {len(data)} are damaged and not the torn last"
            " group of a crash; restore the segment from a copy"
        )
    if any(past.size > state.memory.size for past in state.signed):
        return  # signed entries are missing: refused by the caller, and the evidence kept
    _truncate(segment.path, end)
    state.cut = Cut(len(rest), hashlib.sha256(rest).hexdigest())


def _take_frame(frame: frames.Frame, state: Recovered) -> None:
    first = state.memory.size
    leaves = leaf_hashes(frame.entries)
    state.chain = frames.chain_next(state.chain, leaves)
    if state.chain != frame.chain:
        raise LogDamaged(f"entries {first} to {first + len(leaves) - 1}: the hash chain is broken")
    try:
        headers = read_headers(frame.entries)
    except BadEntry as error:
        raise LogDamaged(f"entry {first + error.place} {error.what}") from error
    for header, leaf in zip(headers, leaves, strict=True):
        state.memory.learn(header, leaf)
        if state.since_us is None:
            state.since_us = header.ts_us
    _grow(state, leaves)


def _grow(state: Recovered, leaves: Sequence[bytes]) -> None:
    """Extend the tree, stopping at each signed size to compare roots."""
    done = 0
    first = state.tree.size
    for past in sorted(state.signed, key=lambda one: one.size):
        if first < past.size <= first + len(leaves):
            _extend(state, leaves[done : past.size - first])
            done = past.size - first
            _compare_roots(state)
    _extend(state, leaves[done:])


def _compare_roots(state: Recovered) -> None:
    for past in state.signed:
        if past.size == state.tree.size and past.root != state.tree.root:
            raise LogDamaged(f"the first {past.size} entries are not the ones that were signed")


def _extend(state: Recovered, leaves: Sequence[bytes]) -> None:
    for tile in state.tree.extend(leaves):
        if tile.end > state.published:
            state.full.append(tile)


def _truncate(path: Path, size: int) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.ftruncate(fd, size)
        os.fsync(fd)
    finally:
        os.close(fd)
