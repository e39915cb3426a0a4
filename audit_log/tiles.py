"""Hash tiles (C2SP tlog-tiles, height 8): the right edge in memory, the rest on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit_log import durable, tree
from audit_log.errors import LogDamaged
from audit_log.tree import Subtree

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
HASH_BYTES: Final = 32
TILE_BYTES: Final = WIDTH * HASH_BYTES


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
    """A growing Merkle tree that keeps its incomplete tiles."""

    def __init__(self) -> None:
        self.size = 0
        self._edge = [b""]  # per level, the hashes of the incomplete tile

    @classmethod
    def resume(cls, size: int, at: Subtree) -> TiledTree:
        """The tree of the first `size` leaves, its hashes taken from `at`."""
        made = cls()
        made.size = size
        made._edge = [
            b"".join(at(level * HEIGHT, index) for index in range(count & ~(WIDTH - 1), count))
            for level, count in _counts(size)
        ] or [b""]
        return made

    @property
    def root(self) -> bytes:
        """RFC 6962 tree hash."""
        return tree.fold([peak for edge in reversed(self._edge) for peak in _peaks(edge)])

    def extend(self, leaves: Sequence[bytes]) -> list[Tile]:
        """Append leaf hashes; return the tiles they completed, level by level."""
        full: list[Tile] = []
        self._grow(0, b"".join(leaves), full)
        self.size += len(leaves)
        return full

    def partial(self) -> Iterator[Tile]:
        """The incomplete tiles that a reader of this tree needs."""
        for level, hashes in enumerate(self._edge):
            if hashes:
                yield Tile(level, self.size >> (HEIGHT * (level + 1)), hashes)

    def _grow(self, level: int, hashes: bytes, full: list[Tile]) -> None:
        if level == len(self._edge):
            self._edge.append(b"")
        data = self._edge[level] + hashes
        first = self.size >> (HEIGHT * (level + 1))
        whole = len(data) // TILE_BYTES
        tiles = [
            Tile(level, first + at, data[at * TILE_BYTES : (at + 1) * TILE_BYTES])
            for at in range(whole)
        ]
        self._edge[level] = data[whole * TILE_BYTES :]
        if tiles:
            full += tiles
            self._grow(level + 1, b"".join(tree.perfect_root(one.data) for one in tiles), full)


def _peaks(hashes: bytes) -> Iterator[bytes]:
    """Roots of the largest perfect subtrees over the hashes of an incomplete tile, in order."""
    start, count = 0, len(hashes) // HASH_BYTES
    while count:
        width = HASH_BYTES << (count.bit_length() - 1)
        yield tree.perfect_root(hashes[start : start + width])
        start, count = start + width, count - width // HASH_BYTES


class TileFiles:
    """The tiles of a log's directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def publish(self, tiles: Iterable[Tile]) -> None:
        """Write tiles, each folder synced once behind them; one that exists must be equal.

        Raises `LogDamaged` where it differs.
        """
        folders: dict[Path, None] = {}
        for tile in tiles:
            path = self._directory / tile.path
            if path.parent not in folders:
                durable.make_directories(path.parent)
                folders[path.parent] = None
            try:
                durable.add_file(path, tile.data)
            except FileExistsError:
                if path.read_bytes() != tile.data:
                    raise LogDamaged(f"{tile.path} differs from the log's entries") from None
        for folder in folders:
            durable.sync_directory(folder)

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
            return tree.perfect_root(cache[key][offset : offset + (HASH_BYTES << rise)])

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
