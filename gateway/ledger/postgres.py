"""The subject ledger in PostgreSQL, for several gateways of one exporter: `PostgresLedger`.

One row for the exporter's year is locked while an export is planned and counted, so exports of
all gateways follow one another; facts, journal and totals change in one transaction, or not at
all. A commit is answered once the server has made it durable (`synchronous_commit = on`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final, Self

import structlog
from msgspec import Struct, json
from msgspec.structs import replace

from gateway.ledger import counting, journal
from gateway.ledger.counting import Fact, Plan, Tag
from gateway.ledger.journal import Export, Group
from gateway.ledger.model import (
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
from gateway.ledger.same_key import LedgerKey, agree
from policies.model import Bands

if TYPE_CHECKING:
    import asyncpg

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

_TIMEOUT_SECONDS: Final = 10.0
_CONNECTIONS: Final = 8
_RETRY_SECONDS: Final = 1.0
_SCHEMA: Final = """
SELECT pg_advisory_xact_lock(7305011);  -- two gateways may start at once
CREATE TABLE IF NOT EXISTS silkgate_ledger (
    id serial PRIMARY KEY, exporter text NOT NULL, year int NOT NULL, continued bool NOT NULL,
    began timestamptz NOT NULL, state bytea NOT NULL, UNIQUE (exporter, year));
CREATE TABLE IF NOT EXISTS silkgate_ledger_fact (
    ledger int REFERENCES silkgate_ledger, key bytea, tag bytea, PRIMARY KEY (ledger, key, tag));
CREATE TABLE IF NOT EXISTS silkgate_ledger_journal (
    id bigserial PRIMARY KEY, ledger int NOT NULL REFERENCES silkgate_ledger, line bytea NOT NULL);
"""
_NEWEST: Final = (
    "SELECT id, year, continued, state FROM silkgate_ledger "
    "WHERE exporter = $1 ORDER BY year DESC LIMIT 1"
)
_BEGIN: Final = (
    "INSERT INTO silkgate_ledger (exporter, year, continued, began, state) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
)
_FETCH: Final = "SELECT key, tag FROM silkgate_ledger_fact WHERE ledger = $1 AND key = ANY($2)"
_ADD: Final = (
    "INSERT INTO silkgate_ledger_fact SELECT $1, * FROM unnest($2::bytea[], $3::bytea[]) "
    "ON CONFLICT DO NOTHING"
)


_APPEND: Final = "INSERT INTO silkgate_ledger_journal (ledger, line) VALUES ($1, $2)"
_TOTALS: Final = "UPDATE silkgate_ledger SET state = $2 WHERE id = $1"
_LINES: Final = "SELECT id, line FROM silkgate_ledger_journal WHERE ledger = $1 ORDER BY id"
_REWRITE: Final = "UPDATE silkgate_ledger_journal SET line = $2 WHERE id = $1"
_EMPTY: Final = "DELETE FROM silkgate_ledger_fact WHERE ledger = $1"
_FORGET: Final = f"{_EMPTY} AND (key = ANY($2) OR tag = ANY($3))"
_KEYS: Final = (
    "SELECT tag, count(*) FROM silkgate_ledger_fact "
    "WHERE ledger = $1 AND get_byte(tag, 0) = ascii('t') GROUP BY tag"
)


class _Year(Struct, frozen=True):
    """The row of the year being counted."""

    id: int
    year: int
    continued: bool
    state: State


class PostgresLedger:
    """A `gateway.ports.SubjectLedger` that several gateways share."""

    def __init__(self, pool: asyncpg.Pool, exporter: str, clock: Clock) -> None:
        """Count for `exporter` through `pool`; see `create` and `open`."""
        self._pool, self._exporter, self._clock = pool, exporter, clock
        self._healthy = True
        self._waiting: asyncio.Task[None] | None = None

    remedy: Final = "persons cannot be counted until the ledger's database answers again"

    @property
    def healthy(self) -> bool:
        """False from a failure of the database until it answers again."""
        return self._healthy

    @classmethod
    async def create(
        cls, url: str, exporter: str, opening: Opening | None = None, *, clock: Clock
    ) -> Self:
        """Start the exporter's ledger. Raises `LedgerUnavailable` where it has one already."""
        now = clock()
        if opening is not None and opening.year != year_of(now):
            raise LedgerUnavailable(
                f"the opening balance is for {opening.year}, the year is {year_of(now)}; "
                "correct ledger.opening"
            )
        ledger = cls(await _connect(url), exporter, clock)
        async with ledger._closed_on_error(), ledger._transaction() as connection:
            await connection.execute(_SCHEMA)
            if await connection.fetchrow(_NEWEST, exporter) is not None:
                raise LedgerUnavailable(
                    f"{exporter} has a ledger in this database already; it is not started over"
                )
            await ledger._begin(connection, now, State({}, opening), continued=False)
        return ledger

    @classmethod
    async def open(
        cls,
        url: str,
        exporter: str,
        opening: Opening | None = None,
        *,
        clock: Clock,
        key: LedgerKey | None = None,
    ) -> Self:
        """Open the exporter's ledger. An `opening` for this year replaces the recorded one.

        Whoever is going to count gives its `key`: it must be the other gateways'.
        """
        ledger = cls(await _connect(url), exporter, clock)
        async with ledger._closed_on_error(), ledger._transaction() as connection:
            year = await ledger._locked(connection)
            if key is not None:
                await agree(connection, year.id, key, clock())
            if opening is not None and opening.year == year.year:
                state = replace(year.state, opening=opening)
                if state != year.state:
                    await ledger._record(connection, year, state, [])
        return ledger

    async def preview(
        self,
        persons: Sequence[Person],
        edges: Edges,
        *,
        export_ref: str = "",
        share: Share | None = None,
    ) -> Preview:
        """What committing `persons` as `export_ref` would do now. Raises `LedgerUnavailable`."""
        async with self._transaction() as connection:
            year = await self._current(connection)
            plan = await self._plan(connection, year, persons, export_ref, share)
        return counting.preview_of(year.year, year.state, plan, edges, continued=year.continued)

    async def commit(
        self,
        persons: Sequence[Person],
        bands: Bands,
        *,
        year: int,
        export_ref: str,
        share: Share | None = None,
    ) -> Tally:
        """Count `persons`, all or none; durable on return. The same `export_ref` adds nobody twice.

        Raises `TallyMoved` (decide again) or `LedgerUnavailable` (send nothing).
        """
        if not export_ref:
            raise ValueError("an export needs a reference, so that a retry counts nobody twice")
        async with self._transaction() as connection:
            current = await self._locked(connection)
            if current.year != year:
                raise TallyMoved(f"the year has turned from {year} to {current.year}; decide again")
            plan = await self._plan(connection, current, persons, export_ref, share)
            after = counting.advance(current.state, plan)
            tally = counting.tally_of(year, after, plan)
            check_bands(tally.after, bands)
            check_share(tally.within, share)
            if plan.facts or plan.unidentified:
                await _add(connection, current, plan.facts)
                exports = [journal.export_of(export_ref, plan)]
                digest = await self._record(connection, current, after, exports)
                tally = replace(tally, digest=digest)
        return tally

    async def standing(self) -> Standing:
        """The year as it stands, for people: counts only."""
        async with self._transaction() as connection:
            year = await self._current(connection)
        return counting.standing(self._exporter, year.year, year.state, continued=year.continued)

    async def rebuild(self) -> Standing:
        """Derive the facts anew from the journal and check the totals against them. Exact."""
        async with self._transaction() as connection:
            year = await self._locked(connection)
            await connection.execute(_EMPTY, year.id)
            async for _, line in self._lines(connection, year):
                await _add(connection, year, list(journal.facts_of(line)))
            rows = await connection.fetch(_KEYS, year.id)
            counting.verify(year.state, {str(_tag(tag)): keys for tag, keys in rows})
        return await self.standing()

    async def erase(self, keys: Collection[bytes]) -> int:
        """Forget the keys of a person who asks for it; counts stay. Returns countings forgotten."""
        forget = frozenset(keys)
        gone: Counter[str] = Counter()
        async with self._transaction() as connection:
            year = await self._locked(connection)
            async for number, line in self._lines(connection, year):
                kept, fewer = journal.without(line, forget)
                gone += fewer
                if kept is not line:
                    await connection.execute(_REWRITE, number, journal.encode(kept))
            await connection.execute(
                _FORGET, year.id, list(forget), [_stored(key) for key in forget]
            )
            await self._record(connection, year, counting.forget(year.state, gone), [])
        return gone.total()

    async def close(self) -> None:
        """Release the connections."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._healthy = False
        await self._pool.close()

    @asynccontextmanager
    async def _closed_on_error(self) -> AsyncIterator[None]:
        """Release the connections where starting or opening fails."""
        try:
            yield
        except BaseException:
            await self.close()
            raise

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[asyncpg.Connection]:
        """One transaction; every failure of the database is `LedgerUnavailable`."""
        try:
            async with (
                self._pool.acquire(timeout=_TIMEOUT_SECONDS) as connection,
                connection.transaction(),
            ):
                yield connection
        except (TallyMoved, LedgerUnavailable, ValueError):
            raise
        except Exception as error:  # of the server, the socket, or the driver at odds with itself
            self._healthy = False
            if self._waiting is None or self._waiting.done():
                self._waiting = asyncio.create_task(self._recover())
            raise _unavailable(error) from error

    async def _recover(self) -> None:
        """Ask until the database answers: an unready gateway gets no export that would tell."""
        while not self._healthy:
            await asyncio.sleep(_RETRY_SECONDS)
            try:
                async with self._pool.acquire(timeout=_TIMEOUT_SECONDS) as connection:
                    await connection.fetchrow(_NEWEST, self._exporter)
                self._healthy = True
            except Exception as error:  # as in `_transaction`
                log.warning("the ledger's database does not answer", error=type(error).__name__)

    async def _current(self, connection: asyncpg.Connection) -> _Year:
        """The year as last committed; nobody waits for anybody."""
        row = await connection.fetchrow(_NEWEST, self._exporter)
        if row is not None and row["year"] == year_of(self._clock()):
            return _year(row)
        return await self._locked(connection)

    async def _locked(self, connection: asyncpg.Connection) -> _Year:
        """The year, locked until the end of the transaction; a new one is begun when it comes."""
        now = self._clock()
        while True:
            row = await connection.fetchrow(f"{_NEWEST} FOR UPDATE", self._exporter)
            if row is None:
                raise LedgerUnavailable(
                    f"{self._exporter} has no ledger in this database; "
                    "`silkgate ledger create` starts one"
                )
            if row["year"] == year_of(now):
                return _year(row)
            if row["year"] > year_of(now):
                raise ClockBehind(
                    f"the clock says {year_of(now)}, the ledger already counts {row['year']}; "
                    "set the clock"
                )
            carried = counting.carried(_year(row).state)
            await self._begin(connection, now, carried, continued=True)

    async def _begin(
        self, connection: asyncpg.Connection, now: datetime, state: State, *, continued: bool
    ) -> None:
        await connection.execute(
            _BEGIN, self._exporter, year_of(now), continued, now, json.encode(state)
        )

    async def _plan(
        self,
        connection: asyncpg.Connection,
        year: _Year,
        persons: Sequence[Person],
        export_ref: str,
        share: Share | None,
    ) -> Plan:
        keys = counting.mentioned(persons) | {counting.reference_key(export_ref)}
        known = await _fetch(connection, year, keys)
        if more := counting.owners(persons, known) - keys:
            known |= await _fetch(connection, year, more)
        identified = counting.identify(persons, known)
        return counting.count(persons, identified, known, export_ref, share)

    async def _record(
        self,
        connection: asyncpg.Connection,
        year: _Year,
        state: State,
        exports: list[Export],
    ) -> str:
        """Write a line of the journal and the totals after it; return the line's digest."""
        line = journal.group(exports, state, self._clock())
        await connection.execute(_APPEND, year.id, line)
        await connection.execute(_TOTALS, year.id, json.encode(state))
        return journal.digest(line)

    @staticmethod
    async def _lines(
        connection: asyncpg.Connection, year: _Year
    ) -> AsyncIterator[tuple[int, Group]]:
        async for row in connection.cursor(_LINES, year.id):
            yield row["id"], journal.decode_group(row["line"])


async def _connect(url: str) -> asyncpg.Pool:
    try:
        import asyncpg  # noqa: PLC0415  an extra
    except ImportError as error:
        raise LedgerUnavailable(
            "a ledger in PostgreSQL needs asyncpg: install silkgate[postgres]"
        ) from error
    try:
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=_CONNECTIONS,
            command_timeout=_TIMEOUT_SECONDS,
            server_settings={"synchronous_commit": "on"},
        )
    except Exception as error:  # of the server, the socket, or the address
        raise _unavailable(error) from error


async def _fetch(connection: asyncpg.Connection, year: _Year, keys: Collection[bytes]) -> set[Fact]:
    rows = await connection.fetch(_FETCH, year.id, sorted(keys))
    return {(key, _tag(stored)) for key, stored in rows}


async def _add(connection: asyncpg.Connection, year: _Year, facts: Collection[Fact]) -> None:
    keys = [key for key, _ in facts]
    await connection.execute(_ADD, year.id, keys, [_stored(tag) for _, tag in facts])


def _stored(tag: Tag) -> bytes:
    """`tag` as the table has it: `t` and the name of a tally, or `k` and a key."""
    return b"k" + tag if isinstance(tag, bytes) else b"t" + tag.encode()


def _tag(stored: bytes) -> Tag:
    return stored[1:] if stored[:1] == b"k" else stored[1:].decode()


def _year(row: asyncpg.Record) -> _Year:
    state = json.decode(row["state"], type=State)
    return _Year(row["id"], row["year"], row["continued"], state)


def _unavailable(error: Exception) -> LedgerUnavailable:
    return LedgerUnavailable(
        f"the subject ledger's database failed ({type(error).__name__}: {error}); see to it"
    )
