"""Checking and mending what is derived from the entries: tiles, columns, left-over files.

Entries, checkpoints and keys are never touched: what is wrong with them is for a copy to mend.
The log must not be open.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit_log import checkpoint, note, reader, sealed, searchable
from audit_log.checkpoint import Checkpoint
from audit_log.errors import LogDamaged
from audit_log.locking import lock_log
from audit_log.segments import remove_replaced, segments
from audit_log.tiles import Tile, TiledTree, TileFiles
from audit_log.tree import leaf_hash

_BATCH: Final = 4096


@dataclass(frozen=True, slots=True)
class Finding:
    """One file that is not what the entries say, and whether it now is."""

    path: str
    what: str
    mended: bool


def fsck(directory: Path, *, mend: bool = False) -> list[Finding]:
    """Derive every tile and column again; with `mend`, write the tiles that are not right.

    Raises `LogDamaged` where the entries are not those of the published checkpoint: tiles are
    never made to fit entries that nobody signed. Raises `AuditUnavailable` where it is to mend
    and the log is open.
    """
    if not mend:
        return _findings(directory, mend=False)
    lock = lock_log(directory)
    try:
        return _findings(directory, mend=True)
    finally:
        os.close(lock)


def _findings(directory: Path, *, mend: bool) -> list[Finding]:
    head = checkpoint.parse(note.parse((directory / "checkpoint").read_bytes()).text)
    tiles = _derive_tiles(directory, head)
    found = [finding for tile in tiles if (finding := _check_tile(directory, tile, mend))]
    found += _check_columns(directory)
    found += [
        Finding(str(path.relative_to(directory)), "left over from a crash", mend)
        for path in sorted(directory.rglob(".*.tmp"))
    ]
    if mend:
        for path in directory.rglob(".*.tmp"):
            path.unlink()
        remove_replaced(directory)
    return found


def _derive_tiles(directory: Path, head: Checkpoint) -> list[Tile]:
    tree = TiledTree()
    tiles = [tile for leaves in _leaves(directory, head.size) for tile in tree.extend(leaves)]
    if (tree.size, tree.root) != (head.size, head.root):
        raise LogDamaged("the entries are not those of the published checkpoint; run verify")
    return [*tiles, *tree.partial()]


def _leaves(directory: Path, size: int) -> Iterator[list[bytes]]:
    """Leaf hashes of the first `size` entries; from the tiles for those that were dropped."""
    at = 0
    for segment in segments(directory):
        if segment.is_dropped:
            at = segment.first + sealed.dropped(segment.path).count
            yield TileFiles(directory).leaves(segment.first, at)
    batch: list[bytes] = []
    for _, data in reader.entries(directory, at, size):
        batch.append(leaf_hash(data))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _check_tile(directory: Path, tile: Tile, mend: bool) -> Finding | None:
    files = TileFiles(directory)
    path = directory / tile.path
    if path.exists():
        if path.read_bytes() == tile.data:
            return None
        what = "differs from the entries"
        if mend:
            path.unlink()
    else:
        what = "missing"
    if mend:
        files.publish([tile])
    return Finding(tile.path, what, mend)


def _check_columns(directory: Path) -> list[Finding]:
    found = []
    for segment in segments(directory):
        if not segment.is_sealed:
            continue
        name = f"seg/{segment.path.name}"
        try:
            wrong = any(
                not rows.equals(searchable.table(rows["entry"].to_pylist()))
                for rows in sealed.tables(segment.path)
            )
        except LogDamaged as error:
            found.append(Finding(name, str(error), False))
            continue
        if wrong:
            found.append(Finding(name, "a column differs from the entries", False))
    return found
