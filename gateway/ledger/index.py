"""Which facts are known: an SQLite file derived from the journal, and a bounded recent part.

New facts stay in memory. When there are too many they are settled slice by slice (a slice is the
keys with the same first byte): the keys of a slice lie on few pages, so that random keys cost few
writes. The file lags behind the journal; each slice knows up to which byte it has been settled,
and opening replays from the earliest of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, suppress
from operator import itemgetter
from pathlib import Path
from typing import Final

import msgspec

from gateway.ledger.counting import Fact, Tag
from gateway.ledger.model import KEY_BYTES, State
from gateway.ledger.packed import Entry, PackedKeys

SLICES: Final = 256
RECENT_FACTS: Final = 1 << 18  # about 7 MB
_TALLY_BYTES: Final = 2
CACHE_KIB: Final = 16 * 1024
CHECKPOINT_PAGES: Final = 8192  # 32 MB of write-ahead log

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (journal TEXT NOT NULL, state BLOB);
CREATE TABLE IF NOT EXISTS tally (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS slice (id INTEGER PRIMARY KEY, settled INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS fact (key, tag, PRIMARY KEY (key, tag)) WITHOUT ROWID;
"""


_FETCH: Final = {  # by the number of keys asked for at once
    keys: f"SELECT key, tag FROM fact WHERE key IN ({','.join('?' * keys)})"  # noqa: S608
    for keys in (4, 32, 500)
}


class Index:
    """The facts of one journal. Not thread-safe; every method may raise `sqlite3.Error`."""

    def __init__(self, path: Path, journal: str, *, recent_facts: int = RECENT_FACTS) -> None:
        """Open the index of the journal with id `journal`; one of another journal is replaced."""
        self._most_recent = recent_facts
        self._connection = _connect(path)
        if self._belongs_to() not in (journal, None):
            self._connection.close()
            remove(path)
            self._connection = _connect(path)
        self._run = self._connection.execute
        if self._belongs_to() is None:
            self._begin(journal)
        self._number: dict[str, int] = dict(self._run("SELECT name, id FROM tally"))
        self._name: dict[int | bytes, str] = dict(self._run("SELECT id, name FROM tally"))
        self._settled: list[int] = [
            end for (end,) in self._run("SELECT settled FROM slice ORDER BY id").fetchall()
        ]
        self._recent = _Recent()
        self._next = self._settled.index(min(self._settled))

    @property
    def settled(self) -> int:
        """The byte of the journal up to which every slice has been settled."""
        return min(self._settled)

    def state(self) -> State | None:
        """The state when a slice was last settled."""
        (stored,) = self._run("SELECT state FROM meta").fetchone()
        return None if stored is None else msgspec.json.decode(stored, type=State)

    def fetch(self, keys: Collection[bytes]) -> set[Fact]:
        """Every fact of `keys`."""
        name = self._name
        ordered = sorted(keys)
        known: set[Fact] = set()
        for start in range(0, len(ordered), max(_FETCH)):
            probe = ordered[start : start + max(_FETCH)]
            size = next(size for size in _FETCH if size >= len(probe))
            probe += probe[-1:] * (size - len(probe))
            known.update((key, name.get(tag, tag)) for key, tag in self._run(_FETCH[size], probe))
        known.update(self._recent.find(ordered))
        return known

    def add(self, facts: Collection[Fact]) -> None:
        """Note new facts."""
        self._recent.add(facts)

    def replay(self, facts: Iterable[Fact], end: int) -> None:
        """Note the facts of the line that ends at byte `end`, except those settled already."""
        settled = self._settled
        self.add([fact for fact in facts if settled[fact[0][0]] < end])

    def settle(self, end: int, state: State, *, keep: int | None = None) -> None:
        """Move recent facts to the file until at most `keep` (default: the limit) are left.

        All facts must be in the journal up to byte `end`, whose last state is `state`.
        """
        while len(self._recent) > (self._most_recent if keep is None else keep):
            self._settle_slice(self._next, end, state)
            self._next = (self._next + 1) % SLICES

    def forget(self, keys: Collection[bytes], journal: str, end: int, state: State) -> None:
        """Drop all facts of `keys`; from now on belong to `journal`, settled up to byte `end`."""
        self.settle(end, state, keep=0)
        with self._connection:
            self._run("BEGIN")
            for key in keys:
                self._run("DELETE FROM fact WHERE tag = ? OR key = ?", (key, key))
            self._run("UPDATE slice SET settled = ?", (end,))
            self._run("UPDATE meta SET journal = ?, state = ?", (journal, _encode(state)))
        self._run("PRAGMA wal_checkpoint(TRUNCATE)")  # the write-ahead log forgets too
        self._settled = [end] * SLICES

    def counts(self) -> dict[str, int]:
        """Keys per tally, by reading the whole file. Nothing may be recent."""
        rows = self._run(
            "SELECT tag, count(*) FROM fact WHERE typeof(tag) = 'integer' GROUP BY tag"
        )
        return {self._name[tally]: keys for tally, keys in rows}

    def close(self) -> None:
        """Release the file. What is recent is in the journal."""
        self._connection.close()

    def _settle_slice(self, number: int, end: int, state: State) -> None:
        rows = [(key, self._stored(tag)) for key, tag in self._recent.take(number)]
        with self._connection:
            self._run("BEGIN")
            self._connection.executemany("INSERT OR IGNORE INTO fact VALUES (?, ?)", rows)
            self._run("UPDATE slice SET settled = ? WHERE id = ?", (end, number))
            self._run("UPDATE meta SET state = ?", (_encode(state),))
        self._settled[number] = end

    def _stored(self, tag: Tag) -> int | bytes:
        """`tag` as the file has it: tallies by number."""
        if isinstance(tag, bytes):
            return tag
        number = self._number.get(tag)
        if number is None:
            number = self._number[tag] = len(self._number)
            self._name[number] = tag
            self._run("INSERT INTO tally VALUES (?, ?)", (number, tag))
        return number

    def _belongs_to(self) -> str | None:
        row = self._connection.execute("SELECT journal FROM meta").fetchone()
        return None if row is None else str(row[0])

    def _begin(self, journal: str) -> None:
        with self._connection:
            self._run("BEGIN")
            self._run("INSERT INTO meta VALUES (?, NULL)", (journal,))
            self._connection.executemany(
                "INSERT INTO slice VALUES (?, 0)", ((number,) for number in range(SLICES))
            )


class _Recent:
    """Facts that are not settled yet. One that comes twice is held twice."""

    def __init__(self) -> None:
        self._tallied = PackedKeys(_TALLY_BYTES)  # each key with the number of a tally
        self._linked = PackedKeys(KEY_BYTES)
        self._number: dict[str, bytes] = {}  # of tallies, for here: the file has its own
        self._name: dict[bytes, str] = {}

    def __len__(self) -> int:
        """How many facts there are."""
        return len(self._tallied) + len(self._linked)

    def add(self, facts: Iterable[Fact]) -> None:
        """Hold these too."""
        linked: list[Entry] = []
        tallied: list[Entry] = []
        for key, tag in facts:
            if isinstance(tag, bytes):
                linked.append((key, tag))
            else:
                tallied.append((key, self._number.get(tag) or self._numbered(tag)))
        self._linked.add(linked)
        self._tallied.add(tallied)

    def find(self, keys: Collection[bytes]) -> Iterator[Fact]:
        """The facts of `keys`."""
        name = self._name
        for key, number in self._tallied.find(keys):
            yield key, name[number]
        yield from self._linked.find(keys)

    def take(self, first: int) -> list[Fact]:
        """Let go of the facts whose keys have this first byte; they come sorted by key."""
        taken: list[Fact] = [(key, self._name[number]) for key, number in self._tallied.take(first)]
        taken += self._linked.take(first)
        taken.sort(key=itemgetter(0))
        return taken

    def _numbered(self, tally: str) -> bytes:
        number = self._number[tally] = len(self._number).to_bytes(_TALLY_BYTES)
        self._name[number] = tally
        return number


def settled_to(path: Path, journal: str) -> int:
    """Up to which byte the index at `path` knows `journal`; 0 where it cannot be read."""
    if not path.exists():
        return 0
    with suppress(sqlite3.Error), closing(_connect(path)) as connection:
        row = connection.execute(
            "SELECT max(settled) FROM slice, meta WHERE journal = ?", (journal,)
        ).fetchone()
        return int(row[0] or 0)
    return 0


def remove(path: Path) -> None:
    """Delete an index; the journal holds all it knew."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _encode(state: State) -> bytes:
    return msgspec.json.encode(state)


def _connect(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",  # a lost tail is replayed; the journal carries durability
        "secure_delete = ON",
        f"cache_size = -{CACHE_KIB}",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(_SCHEMA)
    return connection
