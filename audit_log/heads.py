"""What was signed: a tree rebuilt from entries, held to its tiles and to every signed head."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from pathlib import Path

from audit_log import checkpoint, note
from audit_log.checkpoint import Checkpoint
from audit_log.errors import LogDamaged
from audit_log.keys import KeyChain
from audit_log.note import BadNote
from audit_log.report import Code, Damage
from audit_log.tiles import HASH_BYTES, WIDTH, Tile, TiledTree, TileFiles


class SignedTree:
    """Grows by leaf hashes; raises `Damage` as soon as a tile or a signed head disagrees."""

    def __init__(self, directory: Path, keys: KeyChain) -> None:
        self.origin = keys.origin
        self.latest = Checkpoint(keys.origin, 0, b"")  # the published head
        self.heads = 0
        self.tiles = 0  # how many were compared
        self._keys = keys
        self._directory = directory
        self._files = TileFiles(directory)
        self._tree = TiledTree()
        self._ahead: list[Checkpoint] = []  # signed heads not yet reached, smallest first
        self._proven = 0  # size of the largest signed head that was reached and matched

    @property
    def size(self) -> int:
        """Leaves so far."""
        return self._tree.size

    @property
    def signed(self) -> int:
        """The largest signed size that is still ahead, 0 if none is."""
        return self._ahead[-1].size if self._ahead else 0

    def read_head(self, path: Path) -> Checkpoint:
        """Take a head to agree with, signed by the key in force at its size."""
        try:
            data = path.read_bytes()
            key = self._keys.at(checkpoint.parse(note.parse(data).text).size)
            head = checkpoint.open_signed(data, origin=key.name, keys=[key])
        except FileNotFoundError:
            raise Damage(Code.INCOMPLETE, None, f"{path.name} is missing") from None
        except BadNote as error:
            raise Damage(Code.TAMPERED, None, f"{path.name}: {error}") from error
        insort(self._ahead, head, key=lambda one: one.size)
        self.heads += 1
        return head

    def between(self, first: int, end: int | None) -> SignedTree:
        """A tree that begins at `first` and meets the heads up to `end`."""
        part = SignedTree(self._directory, self._keys)
        part.latest = self.latest
        part._ahead = [
            head for head in self._ahead if first <= head.size and (end is None or head.size <= end)
        ]
        return part

    def join(self, part: SignedTree) -> None:
        """Be where `part` is, which began where this tree is."""
        self._tree, self._proven = part._tree, max(self._proven, part._proven)
        self.tiles += part.tiles
        self._ahead = [head for head in self._ahead if head.size > self.size]

    def start(self, size: int = 0) -> None:
        """Begin at `size`, the tree of all entries before taken from the tiles."""
        if size:
            try:
                self._tree = TiledTree.resume(size, self._files.subtree(size))
            except LogDamaged as error:
                raise Damage(Code.INCOMPLETE, None, str(error)) from error
        self._ahead = [head for head in self._ahead if head.size >= size]
        self._match_heads()

    @property
    def root(self) -> bytes:
        """Root over the leaves so far."""
        return self._tree.root

    def published(self, start: int, end: int) -> list[bytes]:
        """Leaf hashes from the tiles, for entries that are not read."""
        try:
            return self._files.leaves(start, end)
        except LogDamaged as error:
            raise Damage(Code.INCOMPLETE, start, str(error)) from error

    def grow(self, leaves: Sequence[bytes]) -> None:
        """Extend the tree, stopping at each signed size to compare roots."""
        done, first = 0, self._tree.size
        while self._ahead and self._ahead[0].size <= first + len(leaves):
            size = self._ahead[0].size
            self._extend(leaves[done : size - first])
            done = size - first
            self._match_heads()
        self._extend(leaves[done:])

    def _extend(self, leaves: Sequence[bytes]) -> None:
        for tile in self._tree.extend(leaves):
            if tile.end <= self.latest.size:
                self._check_tile(tile)

    def _match_heads(self) -> None:
        """Compare the root with every head signed at this size."""
        size = self._tree.size
        while self._ahead and self._ahead[0].size == size:
            if self._ahead[0].root != self._tree.root:
                what = f"the first {size} entries are not those that were signed"
                raise Damage(Code.TAMPERED, self._changed_at_edge(), what)
            self._ahead.pop(0)
            self._proven = size
        if size == self.latest.size:
            for tile in self._tree.partial():
                self._check_tile(tile)

    def _changed_at_edge(self) -> int:
        """Where the entries behind the last full tile differ; else where doubt begins."""
        for tile in self._tree.partial():
            if tile.level == 0 and (index := self._difference(tile)) is not None:
                return index
        return self._proven

    def _check_tile(self, tile: Tile) -> None:
        self.tiles += 1
        try:
            held = self._files.read(tile.level, tile.index, tile.width)
        except LogDamaged as error:
            raise Damage(Code.INCOMPLETE, None, str(error)) from error
        if held != tile.data:
            index = self._difference(tile) if tile.level == 0 else None
            raise Damage(Code.TAMPERED, index, f"{tile.path} differs from the entries")

    def _difference(self, tile: Tile) -> int | None:
        data = tile.data
        leaves = [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
        return self.first_difference(tile.index * WIDTH, leaves)

    def first_difference(self, first: int, leaves: Sequence[bytes]) -> int | None:
        """Index of the first leaf that is not the one on its published tile."""
        for index, leaf in enumerate(leaves, first):
            held = self._files.leaf(index)
            if held is not None and held != leaf:
                return index
        return None
