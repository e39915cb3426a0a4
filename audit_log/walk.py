"""Reading a log's entries once, in order: chain, numbers, times, accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from audit_log import frames, sealed, searchable
from audit_log.accounts import Accounts
from audit_log.entry import VERSION, Header, Survey, read_headers, take_stock
from audit_log.errors import BadEntry, InvalidEntry, LogDamaged
from audit_log.heads import SignedTree
from audit_log.report import Code, Damage, Problem
from audit_log.segments import Segment, segments, with_next
from audit_log.tree import leaf_hash, leaf_hashes

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH: Final = 1024  # entries that are hashed and counted at once; they fit in a core's cache


@dataclass(frozen=True, slots=True)
class Place:
    """A point between two entries."""

    size: int
    root: bytes
    chain: bytes

    @classmethod
    def of(cls, walk: Walk) -> Place:
        """Where `walk` is."""
        return cls(walk.tree.size, walk.tree.root, walk.chain)


@dataclass(frozen=True, slots=True)
class Part:
    """A segment that another walk has found whole: where it began, and that walk at its end."""

    begins: Place
    first_us: int
    walk: Walk


class ReadAhead(Protocol):
    """Where parts come from."""

    def of(self, found: Sequence[Segment], place: int) -> Part | None:
        """The part of the segment at `place`; None where it is to be read by the walk."""
        ...


class Walk:
    """One pass, or a part of one from entry `since` on.

    Faults of the accounts are collected; damage ends it with `Damage`.
    """

    def __init__(self, directory: Path, tree: SignedTree, since: int = 0) -> None:
        self.tree = tree
        self.chain = frames.chain_start(tree.origin)
        self.ts_us = 0
        self.accounts = Accounts(since)
        self.problems: list[Problem] = []
        self.dropped: list[tuple[int, int]] = []  # ranges that retention claims to have dropped
        self.torn_bytes = 0
        self._directory = directory

    def read(self, ahead: ReadAhead | None = None) -> Iterator[int]:
        """Read on from the tree's size; yield the size after each segment."""
        found = segments(self._directory)
        for place, (segment, after) in enumerate(with_next(found)):
            size = self.tree.size
            if after is not None and after.first <= size:
                continue
            if segment.first > size:
                raise Damage(Code.INCOMPLETE, size, f"no segment holds entry {size}")
            part = ahead.of(found, place) if ahead is not None else None
            if part is None or not self._join(part):
                self._read(segment, is_last=after is None)
            yield self.tree.size

    def _join(self, part: Part) -> bool:
        """Go on behind `part`, if it began where this walk is."""
        if part.begins != Place.of(self) or part.first_us < self.ts_us:
            return False
        end = part.walk
        self.chain, self.ts_us = end.chain, end.ts_us
        self.tree.join(end.tree)
        faults = self.accounts.join(end.accounts)
        found = [Problem(Code.UNACCOUNTED, seq, what) for seq, what in faults]
        self.problems += sorted([*end.problems, *found], key=lambda one: one.index or 0)
        return True

    def _read(self, segment: Segment, *, is_last: bool) -> None:
        if segment.is_dropped:
            self._read_dropped(segment)
        elif (file := segment.open_frames()) is not None:
            with file:
                self._read_active(frames.FrameFile(file), segment.first, is_last=is_last)
        else:
            self.read_sealed(segment.sealed())

    def _read_active(self, found: frames.FrameFile, first: int, *, is_last: bool) -> None:
        seq = first
        batch: list[frames.Frame] = []
        for frame in found:
            if seq >= self.tree.size:  # groups before were read by an earlier pass
                batch.append(frame)
                if seq - self.tree.size >= _BATCH:
                    self._take_frames(batch)
                    batch.clear()
            seq += len(frame.entries)
        self._take_frames(batch)
        rest = found.rest
        if not rest:
            return
        torn = is_last and len(rest) <= frames.MAX_FRAME and not frames.holds_frame(rest)
        if torn and not self.tree.signed:
            self.torn_bytes = len(rest)  # a group under way, or a crash
            return
        size = self.tree.size
        if damaged := frames.salvage(rest):
            self._take_frames([damaged])  # names the very entry, if its leaf hash is on a tile
        raise Damage(Code.TAMPERED, size, f"the group that starts at entry {size} is damaged")

    def read_sealed(self, segment: Segment) -> None:
        """Read a sealed segment. Raises `Damage`."""
        try:
            for group in sealed.tables(segment.path, self.tree.size - segment.first):
                for rows in group.to_batches(max_chunksize=_BATCH):
                    self._take_rows(rows, segment)
            self._check_chain(segment)
        except LogDamaged as error:
            raise Damage(Code.TAMPERED, self.tree.size, str(error)) from error

    def _take_rows(self, rows: pa.RecordBatch, segment: Segment) -> None:
        first = self.tree.size
        leaves, survey, agrees = searchable.take_stock(rows, first, self.ts_us)
        self.chain = frames.chain_next(self.chain, leaves)
        entries = [] if survey is not None else rows["entry"].to_pylist()
        self._take_stock(entries, leaves, survey)
        if not (sealed.agrees(rows) if agrees is None else agrees):
            what = f"{segment.path.name}: a column differs from the entries"
            raise Damage(Code.TAMPERED, first, what)

    def _read_dropped(self, segment: Segment) -> None:
        """Take the leaf hashes of entries that are gone from the tiles, which stay."""
        try:
            dropped = sealed.dropped(segment.path)
            kept = [entry for group in sealed.read(segment.path) for entry in group]
            headers = read_headers(kept)
        except (LogDamaged, InvalidEntry) as error:
            raise Damage(Code.TAMPERED, segment.first, str(error)) from error
        end = segment.first + dropped.count
        size = self.tree.size  # within the segment where an earlier pass ended there
        leaves = self.tree.published(segment.first, end)
        held = dict(enumerate(leaves, segment.first))
        for header, entry in zip(headers, kept, strict=True):
            if held.get(header.seq) != leaf_hash(entry):
                what = f"entry {header.seq} is not the one that was kept"
                raise Damage(Code.TAMPERED, segment.first, what)
        self.accounts.take([header for header in headers if header.seq >= size])
        leaves = leaves[size - segment.first :]
        self.chain = frames.chain_next(self.chain, leaves)
        self._check_chain(segment)
        self.tree.grow(leaves)
        self.ts_us = dropped.ts_us
        self.accounts.pass_over(segment.first, dropped)
        self.dropped.append((segment.first, end))

    def _check_chain(self, segment: Segment) -> None:
        if self.chain != sealed.chain(segment.path):
            raise Damage(Code.TAMPERED, segment.first, f"{segment.path.name}: wrong chain head")

    def _take_frames(self, groups: Sequence[frames.Frame]) -> None:
        """Take groups of frames, up to the first whose chain head is not the one it states."""
        entries = [entry for group in groups for entry in group.entries]
        leaves = leaf_hashes(entries)
        held = 0
        for group in groups:
            end = held + len(group.entries)
            chain = frames.chain_next(self.chain, leaves[held:end])
            if chain != group.chain:
                self._take_entries(entries[:held], leaves[:held])
                first = self.tree.size
                known = self.tree.first_difference(first, leaves[held:end])
                index = first if known is None else known
                raise Damage(Code.TAMPERED, index, f"the hash chain breaks at entry {index}")
            self.chain, held = chain, end
        self._take_entries(entries, leaves)

    def _take_entries(self, entries: Sequence[bytes], leaves: Sequence[bytes]) -> None:
        self._take_stock(entries, leaves, take_stock(entries, self.tree.size, self.ts_us))

    def _take_stock(
        self, entries: Sequence[bytes], leaves: Sequence[bytes], stock: Survey | None
    ) -> None:
        first = self.tree.size
        if stock is not None:
            self.ts_us = stock.ts_us
            faults = self.accounts.take_stock(stock)
        else:
            faults = self.accounts.take(self._headers(first, entries))
        self.problems += [Problem(Code.UNACCOUNTED, seq, what) for seq, what in faults]
        self.tree.grow(leaves)

    def _headers(self, first: int, entries: Sequence[bytes]) -> list[Header]:
        """Look at each entry by itself; name the first that is wrong."""
        try:
            headers = read_headers(entries)
        except BadEntry as error:
            index = first + error.place
            raise Damage(Code.TAMPERED, index, f"entry {index} {error.what}") from error
        self._check_order(first, headers)
        return headers

    def _check_order(self, first: int, headers: Sequence[Header]) -> None:
        times = [self.ts_us, *[header.ts_us for header in headers]]
        if (
            [header.seq for header in headers] != list(range(first, first + len(headers)))
            or {header.v for header in headers} - {VERSION}
            or times != sorted(times)
        ):
            self._blame_order(first, headers)
        self.ts_us = times[-1]

    def _blame_order(self, first: int, headers: Sequence[Header]) -> None:
        """Raise `Damage` at the first entry that does not follow on."""
        last_us = self.ts_us
        for seq, header in enumerate(headers, first):
            if header.seq != seq:
                raise Damage(Code.INCOMPLETE, seq, f"entry {seq} says it is entry {header.seq}")
            if header.v != VERSION:
                raise Damage(Code.TAMPERED, seq, f"entry {seq} is of version {header.v}")
            if header.ts_us < last_us:
                raise Damage(Code.TAMPERED, seq, f"entry {seq} is older than the one before it")
            last_us = header.ts_us
