"""Hash tiles (C2SP tlog-tiles, height 8): the right edge in memory, the rest on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit_log import durable, tree
from audit_log.errors import LogDamaged
from audit_log.tree import Subtree

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
HASH_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Tile:
    """`width` hashes of level `level`, starting at `index * 256`."""

    level: int
    index: int
    data: bytes

    @property
    def width(self) -> int:
        """Hashes held, 1 to 256."""
        return len(self.data) // HASH_BYTES

    @property
    def end(self) -> int:
        """Leaves of the tree that end with this tile."""
        return (self.index * WIDTH + self.width) << (HEIGHT * self.level)

    @property
    def path(self) -> str:
        """Where the tile lies below the log's directory."""
        return tile_path(str(self.level), self.index, self.width)


def tile_path(level: str, index: int, width: int = WIDTH) -> str:
    """`tile/<level>/<index>[.p/<width>]`; `level` is a number or `entries`."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    partial = f".p/{width}" if width < WIDTH else ""
    return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"


class TiledTree:
    """A growing Merkle tree that keeps its peaks and its incomplete tiles."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # perfect subtrees, largest first
        self._edge: list[list[bytes]] = [[]]  # per level, hashes of the incomplete tile

    @classmethod
    def resume(cls, size: int, at: Subtree) -> TiledTree:
        """The tree of the first `size` leaves, its hashes taken from `at`."""
        made = cls()
        made.size = size
        made._peaks = tree.peaks(0, size, at)
        made._edge = [
            [at(level * HEIGHT, index) for index in range(count & ~(WIDTH - 1), count)]
            for level, count in _counts(size)
        ] or [[]]
        return made

    @property
    def root(self) -> bytes:
        """RFC 6962 tree hash."""
        return tree.fold(self._peaks)

    def extend(self, leaves: Sequence[bytes]) -> list[Tile]:
        """Append leaf hashes; return the tiles they completed, in order."""
        full: list[Tile] = []
        done = 0
        while done < len(leaves):
            if not self._edge[0] and len(leaves) - done >= WIDTH:
                self._append_tile(leaves[done : done + WIDTH], full)
                done += WIDTH
            else:
                self._append(leaves[done], full)
                done += 1
        return full

    def partial(self) -> Iterator[Tile]:
        """The incomplete tiles that a reader of this tree needs."""
        for level, hashes in enumerate(self._edge):
            if hashes:
                yield Tile(level, self.size >> (HEIGHT * (level + 1)), b"".join(hashes))

    def _append(self, leaf: bytes, full: list[Tile]) -> None:
        self._edge[0].append(leaf)
        self._carry(leaf, 0, full)

    def _append_tile(self, leaves: Sequence[bytes], full: list[Tile]) -> None:
        full.append(Tile(0, self.size >> HEIGHT, b"".join(leaves)))
        self._lift(1, tree.perfect_root(leaves))
        self._carry(self._edge[1][-1], HEIGHT, full)

    def _carry(self, peak: bytes, height: int, full: list[Tile]) -> None:
        """Merge equal subtrees as in binary addition; every eighth height feeds a tile."""
        count = self.size >> height
        self.size += 1 << height
        while count & 1:
            peak = tree.node_hash(self._peaks.pop(), peak)
            count, height = count >> 1, height + 1
            if height % HEIGHT == 0:
                level = height // HEIGHT
                full.append(Tile(level - 1, count, b"".join(self._edge[level - 1])))
                self._edge[level - 1] = []
                self._lift(level, peak)
        self._peaks.append(peak)

    def _lift(self, level: int, node: bytes) -> None:
        if level == len(self._edge):
            self._edge.append([])
        self._edge[level].append(node)


class TileFiles:
    """The tiles of a log's directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def publish(self, tile: Tile) -> None:
        """Write a tile; one that exists must be equal. Raises `LogDamaged` where it differs."""
        path = self._directory / tile.path
        durable.make_directories(path.parent)
        try:
            durable.create_file(path, tile.data)
        except FileExistsError:
            if path.read_bytes() != tile.data:
                raise LogDamaged(f"{tile.path} differs from the log's entries") from None

    def drop_partials(self, tile: Tile) -> None:
        """Remove the incomplete forms of a full tile (C2SP lets them go)."""
        folder = self._directory / f"{tile.path}.p"
        if folder.is_dir():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    def read(self, level: int, index: int, width: int) -> bytes:
        """The first `width` hashes of a tile, from the widest file there is.

        Raises `LogDamaged` where it holds fewer.
        """
        data = self._widest(level, index)
        if len(data) < width * HASH_BYTES:
            raise LogDamaged(
                f"{tile_path(str(level), index)}: no file holds {width} hashes; fsck derives it"
            )
        return data[: width * HASH_BYTES]

    def leaf(self, index: int) -> bytes | None:
        """The published hash of one leaf, None where no tile holds it."""
        offset = index % WIDTH * HASH_BYTES
        return self._widest(0, index // WIDTH)[offset : offset + HASH_BYTES] or None

    def leaves(self, start: int, end: int) -> list[bytes]:
        """The published leaf hashes of [start, end). Raises `LogDamaged` where one is missing."""
        found: list[bytes] = []
        for index in range(start // WIDTH, -(-end // WIDTH)):
            low, high = max(start - index * WIDTH, 0), min(end - index * WIDTH, WIDTH)
            data = self.read(0, index, high)
            found += [data[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(low, high)]
        return found

    def subtree(self, size: int) -> Subtree:
        """Hashes of the tree of `size` leaves, read from tiles as needed."""
        cache: dict[tuple[int, int], bytes] = {}

        def at(height: int, index: int) -> bytes:
            level, rise = divmod(height, HEIGHT)
            start = index << rise
            key = (level, start // WIDTH)
            if key not in cache:
                held = min(WIDTH, (size >> (level * HEIGHT)) - key[1] * WIDTH)
                cache[key] = self.read(*key, held)
            offset = start % WIDTH * HASH_BYTES
            data = cache[key][offset : offset + (HASH_BYTES << rise)]
            return tree.perfect_root(
                [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
            )

        return at

    def _widest(self, level: int, index: int) -> bytes:
        full = self._directory / tile_path(str(level), index)
        if full.exists():
            return full.read_bytes()
        partial = full.with_name(f"{full.name}.p").glob("[0-9]*")
        widest = max(partial, key=lambda path: int(path.name), default=None)
        return widest.read_bytes() if widest else b""


def _counts(size: int) -> list[tuple[int, int]]:
    counts = []
    level = 0
    while size:
        counts.append((level, size))
        size >>= HEIGHT
        level += 1
    return counts
