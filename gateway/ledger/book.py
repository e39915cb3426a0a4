"""The ledger on one machine, without threads: journal, index and lock together.

An export is planned against the index and staged; it is answered for once its journal line is
durable. The index may lag behind and is never asked to be durable itself.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from gateway.ledger import counting, index, journal
from gateway.ledger.counting import Plan
from gateway.ledger.index import RECENT_FACTS, Index
from gateway.ledger.journal import Appender, Export, Group, Header
from gateway.ledger.model import (
    CHINA_TIME,
    ClockBehind,
    Edges,
    LedgerUnavailable,
    Opening,
    Person,
    Preview,
    Share,
    Standing,
    State,
    Tally,
    TallyMoved,
    check_bands,
    check_share,
    year_of,
)
from policies.model import Bands

Sync = Callable[[int], None]


def create(path: Path, exporter: str, opening: Opening | None, now: datetime) -> None:
    """Start the ledger of `exporter` at `path`. Refuses where one lies already."""
    lock = _lock(path)
    try:
        if path.exists() or journal.years(path):
            raise LedgerUnavailable(f"a ledger lies at {path} already; it is not overwritten")
        _begin(path, exporter, now, State({}, opening), continued=False)
    finally:
        os.close(lock)


def standing(path: Path) -> Standing:
    """The newest year as it stands, read from the journal alone, also while a gateway writes."""
    where = journal.path_of(path, _newest(path))
    head, state = journal.header(where), journal.last(where).state
    return counting.standing(head.exporter, head.year, state, continued=head.continued)


@contextmanager
def failing_closed() -> Iterator[None]:
    """Turn errors of disk and database into `LedgerUnavailable`."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise LedgerUnavailable(f"the subject ledger cannot be opened: {error}") from error


class Book:
    """The open ledger. Not thread-safe.

    After an error of disk or database it must be closed; a refusal (`TallyMoved`, `ClockBehind`,
    ValueError) leaves it as it was.
    """

    _header: Header
    _state: State
    _index: Index
    _appender: Appender

    def __init__(
        self,
        path: Path,
        exporter: str,
        opening: Opening | None,
        now: datetime,
        *,
        sync: Sync = os.fdatasync,
        recent_facts: int = RECENT_FACTS,
        anew: bool = False,
    ) -> None:
        """Lock and read back the ledger at `path`; `anew`: derive its index from the start.

        Raises `LedgerUnavailable` where there is none, it is another exporter's, or in use.
        """
        self._path, self._sync, self._recent_facts = path, sync, recent_facts
        self._staged: list[Export] = []
        self._lock = _lock(path)
        try:
            self._load(_newest(path), exporter, anew=anew)
            self.turn(now)
            self._declare(opening, now)
        except BaseException:
            os.close(self._lock)
            raise

    @property
    def year(self) -> int:
        """The year being counted."""
        return self._header.year

    def turn(self, now: datetime) -> None:
        """Begin a new year if it has come. Nothing may be staged."""
        year = year_of(now)
        if year == self.year:
            return
        if year < self.year:
            raise ClockBehind(
                f"the clock says {year}, the ledger already counts {self.year}; set the clock"
            )
        exporter, state = self._header.exporter, counting.carried(self._state)
        self._release()
        _begin(self._path, exporter, now, state, continued=True)
        self._load(year, exporter)

    def preview(
        self,
        persons: Sequence[Person],
        edges: Edges,
        export_ref: str = "",
        share: Share | None = None,
    ) -> Preview:
        """What counting `persons` would do now."""
        plan = self._plan(persons, export_ref, share)
        return counting.preview_of(
            self.year, self._state, plan, edges, continued=self._header.continued
        )

    def count(
        self,
        persons: Sequence[Person],
        bands: Bands,
        year: int,
        export_ref: str,
        share: Share | None = None,
    ) -> Tally:
        """Stage `persons`; `flush` makes them durable. Raises `TallyMoved`, staging nothing."""
        if year != self.year:
            raise TallyMoved(f"the year has turned from {year} to {self.year}; decide again")
        plan = self._plan(persons, export_ref, share)
        after = counting.advance(self._state, plan)
        tally = counting.tally_of(self.year, after, plan)
        check_bands(tally.after, bands)
        check_share(tally.within, share)
        if plan.facts or plan.unidentified:
            self._staged.append(journal.export_of(export_ref, plan))
            self._index.add(plan.facts)
            self._state = after
        return tally

    @property
    def staged(self) -> int:
        """How many exports wait to be made durable."""
        return len(self._staged)

    def flush(self, now: datetime) -> str:
        """Make all that is staged durable; return the digest of its journal line."""
        line = journal.group(self._staged, self._state, now)
        self._appender.append(line)
        self._staged = []
        return journal.digest(line)

    def settle(self) -> None:
        """Keep the recent part of the index bounded. Nothing may be staged."""
        self._index.settle(self._appender.size, self._state)

    def erase(self, keys: Collection[bytes], now: datetime) -> int:
        """Forget `keys`, on a person's request; counts stay. Returns how many countings went."""
        where = journal.path_of(self._path, self.year)
        header = replace(self._header, id=_identity())
        before = counting.erased(self._state)
        self._appender.close()
        journal.write_new(where, self._without(keys, where, header, now))
        self._appender = Appender(where, where.stat().st_size, sync=self._sync)
        self._index.forget(keys, header.id, self._appender.size, self._state)
        self._header = header
        return counting.erased(self._state) - before

    def verify(self) -> None:
        """Check the totals against the keys. Raises `LedgerUnavailable` where they differ."""
        self._index.settle(self._appender.size, self._state, keep=0)
        counting.verify(self._state, self._index.counts())

    def close(self) -> None:
        """Release files and lock. What the index has not settled is replayed on opening."""
        try:
            self._release()
        finally:
            os.close(self._lock)

    def _without(
        self, keys: Collection[bytes], where: Path, header: Header, now: datetime
    ) -> Iterator[bytes]:
        """The journal's lines with `keys` taken out; the last one notes how many went."""
        yield journal.encode(header)
        gone: Counter[str] = Counter()
        for line, _ in journal.read(where):
            if isinstance(line, Group):
                kept, fewer = journal.without(line, keys)
                gone += fewer
                yield journal.encode(kept)
        self._state = counting.forget(self._state, gone)
        yield journal.group([], self._state, now)

    def _plan(self, persons: Sequence[Person], export_ref: str, share: Share | None) -> Plan:
        keys = counting.mentioned(persons) | {counting.reference_key(export_ref)}
        known = self._index.fetch(keys)
        if more := counting.owners(persons, known) - keys:
            known |= self._index.fetch(more)
        identified = counting.identify(persons, known)
        return counting.count(persons, identified, known, export_ref, share)

    def _declare(self, opening: Opening | None, now: datetime) -> None:
        """Take over an opening balance for this year that differs from the recorded one."""
        if opening is not None and opening.year == self.year and opening != self._state.opening:
            self._state = replace(self._state, opening=opening)
            self.flush(now)

    def _load(self, year: int, exporter: str, *, anew: bool = False) -> None:
        """Open the journal of `year` and bring its index up to date."""
        where = journal.path_of(self._path, year)
        self._header = journal.header(where)
        if self._header.exporter != exporter:
            raise LedgerUnavailable(
                f"the ledger at {self._path} counts for {self._header.exporter}, not for {exporter}"
            )
        known_to = index.settled_to(self._path, self._header.id)
        if anew:
            index.remove(self._path)
        self._index = Index(self._path, self._header.id, recent_facts=self._recent_facts)
        start = self._index.settled
        self._state = self._index.state() or self._header.state
        end = start
        for line, end in journal.read(where, start):
            self._state = line.state
            self._index.replay(journal.facts_of(line), end)
            self._index.settle(end, self._state)
        if end < known_to:
            raise LedgerUnavailable(
                f"{where} ends at byte {end}, the index knows it up to {known_to}: "
                "part of it is lost; restore it from backup"
            )
        self._appender = Appender(where, end, sync=self._sync)

    def _release(self) -> None:
        self._appender.close()
        self._index.close()


def _begin(path: Path, exporter: str, now: datetime, state: State, *, continued: bool) -> None:
    """Write the journal of the year that `now` lies in; it starts from `state`."""
    year, opening = year_of(now), state.opening
    if opening is not None and opening.year != year:
        raise LedgerUnavailable(
            f"the opening balance is for {opening.year}, the year is {year}; correct ledger.opening"
        )
    header = Header(
        format=journal.FORMAT,
        id=_identity(),
        exporter=exporter,
        year=year,
        continued=continued,
        at=now.astimezone(CHINA_TIME),
        state=state,
    )
    journal.write_new(journal.path_of(path, year), [journal.encode(header)])


def _newest(path: Path) -> int:
    years = journal.years(path)
    if not years:
        raise LedgerUnavailable(f"there is no ledger at {path}; `silkgate init` starts one")
    return years[-1]


def _lock(path: Path) -> int:
    """Hold `path` for this process. Raises `LedgerUnavailable` where another one does."""
    lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode(errors="replace").strip() or "unknown"
        os.close(lock)
        raise LedgerUnavailable(
            f"the ledger at {path} is in use by process {holder}; one gateway counts at a time"
        ) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def _identity() -> str:
    return secrets.token_hex(16)
