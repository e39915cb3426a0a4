"""Offline verification: recompute everything, trust only the verifier key."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from audit_log import checkpoint, frames, note, sealed
from audit_log.accounts import Accounts
from audit_log.checkpoint import Checkpoint
from audit_log.entry import VERSION, Header, read_header
from audit_log.errors import InvalidEntry, LogDamaged
from audit_log.note import BadNote, VerifierKey
from audit_log.quorum import WitnessPolicy
from audit_log.report import Code, Problem, Report
from audit_log.segments import Segment, segments
from audit_log.tiles import HASH_BYTES, WIDTH, Tile, TiledTree, TileFiles
from audit_log.tree import leaf_hash

WITNESS_LAG_US: Final = 86_400_000_000  # the newest cosigned head may be a day behind


def verify(
    directory: Path, *, vkey: str, state: Path | None = None, policy: WitnessPolicy | None = None
) -> Report:
    """Check the whole log against `vkey`; with `state`, also that it is not an older copy.

    With `policy`, demand a checkpoint cosigned by its quorum, at most a day behind the entries.
    What is wrong with the log is in the report. Raises `BadNote` where `vkey` is malformed and
    `OSError` where the disk cannot be read.
    """
    run = _Run(directory, VerifierKey.parse(vkey))
    try:
        run.read_checkpoints(state)
        run.read_witnesses(policy)
        run.read_segments()
        run.check_end()
    except _Damage as damage:
        run.problems.append(damage.problem)
    return run.report()


class _Damage(Exception):
    """Ends the reading: what lies behind the first damage cannot be judged."""

    def __init__(self, code: Code, index: int | None, what: str) -> None:
        super().__init__(what)
        self.problem = Problem(code, index, what)


class _Run:
    def __init__(self, directory: Path, key: VerifierKey) -> None:
        self.problems: list[Problem] = []
        self._directory = directory
        self._key = key
        self._tree = TiledTree()
        self._files = TileFiles(directory)
        self._chain = frames.chain_start(key.name)
        self._ts_us = 0
        self._accounts = Accounts()
        self._checked: Counter[str] = Counter()
        self._latest = Checkpoint(key.name, 0, b"")
        self._ahead: list[Checkpoint] = []  # signed heads not yet reached, smallest first
        self._witnessed_us: int | None = None  # time of the newest cosignature
        self._proven = 0  # size of the largest signed head that was reached and matched

    def read_checkpoints(self, state: Path | None) -> None:
        """Collect every signed head; the entries must agree with each of them."""
        self._latest = self._open(self._directory / "checkpoint")
        kept = [path for path in (self._directory / "ckpt").iterdir() if path.name.isdigit()]
        others = [self._open(path) for path in (*kept, *((state,) if state else ()))]
        self._ahead = sorted((self._latest, *others), key=lambda one: one.size)
        self._checked["checkpoints"] = len(self._ahead)
        self._match_heads()

    def read_witnesses(self, policy: WitnessPolicy | None) -> None:
        """Take the head that the quorum cosigned as one more to agree with."""
        if policy is None or policy.quorum is None:
            return
        try:
            data = (self._directory / "cosigned").read_bytes()
            times = policy.witnessed(note.parse(data))
        except FileNotFoundError:
            data, times = b"", {}
        except BadNote as error:
            raise _Damage(Code.TAMPERED, None, f"cosigned: {error}") from error
        if not policy.satisfied(times):
            what = "no checkpoint carries the cosignatures that the policy asks for"
            self.problems.append(Problem(Code.UNWITNESSED, None, what))
            return
        head = self._open(self._directory / "cosigned")
        insort(self._ahead, head, key=lambda one: one.size)
        self._checked["witnessed"] = head.size
        self._witnessed_us = max(times.values()) * 1_000_000
        self._match_heads()

    def read_segments(self) -> None:
        """Read every entry once, in order."""
        found = segments(self._directory)
        for segment in found:
            size = self._tree.size
            if segment.first != size:
                raise _Damage(Code.INCOMPLETE, size, f"no segment starts at entry {size}")
            if segment.is_sealed:
                self._read_sealed(segment)
            else:
                self._read_active(segment.path.read_bytes(), is_last=segment is found[-1])

    def check_end(self) -> None:
        """Check what shows only when all entries are read."""
        if self._ahead:
            size, signed = self._tree.size, self._ahead[-1].size
            raise _Damage(Code.INCOMPLETE, size, f"{signed} entries were signed, {size} are here")
        self._checked["unsigned"] = self._tree.size - self._latest.size
        if self._witnessed_us is not None and self._ts_us > self._witnessed_us + WITNESS_LAG_US:
            size = self._checked["witnessed"]
            what = f"entries from {size} on were not witnessed within a day"
            self.problems.append(Problem(Code.UNWITNESSED, size, what))

    def report(self) -> Report:
        """Everything found so far."""
        bad = [one.index for one in self.problems if one.index is not None]
        outcomes = dict(self._accounts.statuses)
        if self._accounts.unfinished:
            outcomes["unfinished"] = len(self._accounts.unfinished)
        return Report(
            ok=not self.problems,
            size=self._latest.size,
            root=self._latest.root.hex(),
            first_bad=min(bad, default=None),
            problems=tuple(self.problems),
            checked={"entries": self._tree.size, **self._checked},
            kinds=dict(self._accounts.kinds),
            outcomes=outcomes,
        )

    def _open(self, path: Path) -> Checkpoint:
        try:
            return checkpoint.open_signed(
                path.read_bytes(), origin=self._key.name, keys=[self._key]
            )
        except FileNotFoundError:
            raise _Damage(Code.INCOMPLETE, None, f"{path.name} is missing") from None
        except BadNote as error:
            raise _Damage(Code.TAMPERED, None, f"{path.name}: {error}") from error

    def _read_active(self, data: bytes, *, is_last: bool) -> None:
        end = 0
        for frame in frames.frames(data):
            self._take(frame.entries, frame.chain)
            end = frame.end
        rest = data[end:]
        if not rest:
            return
        torn = is_last and len(rest) <= frames.MAX_FRAME and not frames.holds_frame(rest)
        if torn and not self._ahead:
            self._checked["torn_bytes"] = len(rest)  # a group under way, or a crash
            return
        first = self._tree.size
        if damaged := frames.salvage(data, end):
            self._take(
                damaged.entries, damaged.chain
            )  # names the very entry, if its leaf hash is on a tile
        raise _Damage(Code.TAMPERED, first, f"the group that starts at entry {first} is damaged")

    def _read_sealed(self, segment: Segment) -> None:
        try:
            for rows in sealed.tables(segment.path):
                first = self._tree.size
                if not sealed.agrees(rows, self._take(rows["entry"].to_pylist())):
                    what = f"{segment.path.name}: a column differs from the entries"
                    raise _Damage(Code.TAMPERED, first, what)
            held = sealed.chain(segment.path)
        except LogDamaged as error:
            raise _Damage(Code.TAMPERED, self._tree.size, str(error)) from error
        if self._chain != held:
            raise _Damage(Code.TAMPERED, segment.first, f"{segment.path.name}: wrong chain head")

    def _take(self, entries: Sequence[bytes], chain: bytes | None = None) -> list[Header]:
        first = self._tree.size
        leaves = [leaf_hash(entry) for entry in entries]
        self._chain = frames.chain_next(self._chain, leaves)
        if chain is not None and self._chain != chain:
            known = self._first_difference(first, leaves)
            index = first if known is None else known
            raise _Damage(Code.TAMPERED, index, f"the hash chain breaks at entry {index}")
        headers = [self._check_entry(seq, entry) for seq, entry in enumerate(entries, first)]
        self._grow(leaves)
        return headers

    def _check_entry(self, seq: int, entry: bytes) -> Header:
        try:
            header = read_header(entry)
        except InvalidEntry as error:
            raise _Damage(Code.TAMPERED, seq, f"entry {seq}: {error}") from error
        self._check_order(seq, header)
        if fault := self._accounts.take(header):
            self.problems.append(Problem(Code.UNACCOUNTED, seq, fault))
        return header

    def _check_order(self, seq: int, header: Header) -> None:
        if header.v != VERSION:
            raise _Damage(Code.TAMPERED, seq, f"entry {seq} is of version {header.v}")
        if header.seq != seq:
            raise _Damage(Code.INCOMPLETE, seq, f"entry {seq} says it is entry {header.seq}")
        if header.ts_us < self._ts_us:
            raise _Damage(Code.TAMPERED, seq, f"entry {seq} is older than the one before it")
        self._ts_us = header.ts_us

    def _grow(self, leaves: Sequence[bytes]) -> None:
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
            if tile.end <= self._latest.size:
                self._check_tile(tile)

    def _match_heads(self) -> None:
        """Compare the root with every head signed at this size."""
        size = self._tree.size
        while self._ahead and self._ahead[0].size == size:
            if self._ahead[0].root != self._tree.root:
                what = f"the first {size} entries are not those that were signed"
                raise _Damage(Code.TAMPERED, self._changed_at_edge(), what)
            self._ahead.pop(0)
            self._proven = size
        if size == self._latest.size:
            for tile in self._tree.partial():
                self._check_tile(tile)

    def _changed_at_edge(self) -> int:
        """Where the entries behind the last full tile differ; else where doubt begins."""
        for tile in self._tree.partial():
            if tile.level == 0 and (index := self._difference(tile)) is not None:
                return index
        return self._proven

    def _check_tile(self, tile: Tile) -> None:
        self._checked["tiles"] += 1
        try:
            held = self._files.read(tile.level, tile.index, tile.width)
        except LogDamaged as error:
            raise _Damage(Code.INCOMPLETE, None, str(error)) from error
        if held != tile.data:
            index = self._difference(tile) if tile.level == 0 else None
            raise _Damage(Code.TAMPERED, index, f"{tile.path} differs from the entries")

    def _difference(self, tile: Tile) -> int | None:
        data = tile.data
        leaves = [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
        return self._first_difference(tile.index * WIDTH, leaves)

    def _first_difference(self, first: int, leaves: Sequence[bytes]) -> int | None:
        """Index of the first leaf that is not the one on its published tile."""
        for index, leaf in enumerate(leaves, first):
            held = self._files.leaf(index)
            if held is not None and held != leaf:
                return index
        return None
