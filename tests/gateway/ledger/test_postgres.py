"""What only a shared database can do or suffer."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.keys.keyring import Keyring
from gateway.ledger.model import Headcount, LedgerUnavailable, Person, Tally, TallyMoved
from gateway.ledger.postgres import PostgresLedger
from gateway.ledger.same_key import LedgerKey
from tests.gateway.ledger.conftest import PostgresBackend
from tests.gateway.ledger.people import EDGES, Clock, key, person
from tests.gateway.ledger.test_contract import OPENING, after, commit


async def test_two_gateways_at_a_threshold_let_nobody_slip(postgres: PostgresBackend) -> None:
    """A hundred exports through two gateways, each decided below 100 with 50 counted."""
    gateways = [await postgres.create(), await postgres.open()]
    await commit(gateways[0], *(person(f"before {n}") for n in range(50)))
    seen = await gateways[1].preview([person("any")], EDGES)
    outcomes = await asyncio.gather(
        *(
            gateways[n % 2].commit([person(n)], seen.bands, year=2026, export_ref=str(n))
            for n in range(100)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Tally) for outcome in outcomes) == 49
    assert sum(isinstance(outcome, TallyMoved) for outcome in outcomes) == 51
    for gateway in gateways:
        assert await after(gateway) == Headcount(99, 0)


async def test_two_gateways_begin_one_year(postgres: PostgresBackend, clock: Clock) -> None:
    """Both turn it at once; persons of both are in it."""
    gateways = [await postgres.create(), await postgres.open()]
    await commit(gateways[0], person("of 2026"))
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    await asyncio.gather(
        *(commit(gateways[n % 2], person(n), ref=str(n), year=2027) for n in range(20))
    )
    assert [await after(gateway) for gateway in gateways] == [Headcount(20, 0)] * 2


async def test_exporters_are_apart(postgres: PostgresBackend, clock: Clock) -> None:
    """Two of them in one database do not see each other's persons."""
    ledger = await postgres.create()
    await commit(ledger, person("wang"))
    other = PostgresBackend(postgres.url, clock)
    assert (await commit(await other.create(), person("wang"))).new == Headcount(1, 0)
    await other.close()


async def test_a_rebuild_from_the_journal_is_exact(postgres: PostgresBackend) -> None:
    """Facts, links and totals."""
    ledger = await postgres.create(OPENING)
    linked = Person(strong=key("a"), weak=(key("w"),))
    await commit(ledger, linked, *(person(n) for n in range(20)), Person(sensitive=True))
    shown = await ledger.standing()
    assert await ledger.rebuild() == shown
    assert (await commit(ledger, Person(weak=(key("w"),)), person(3), ref="2")).new == Headcount()


async def test_only_create_starts_a_ledger(postgres: PostgresBackend) -> None:
    """Neither opening nor a second create does."""
    await postgres.create()
    with pytest.raises(LedgerUnavailable, match="already"):
        await postgres.create()
    postgres.exporter = "nobody"
    with pytest.raises(LedgerUnavailable, match="no ledger"):
        await postgres.open()


async def test_a_broken_connection_counts_nobody_twice(postgres: PostgresBackend) -> None:
    """The server drops every connection; the retry finds what was committed."""
    ledger, admin = await postgres.create(), await postgres.open()
    await commit(ledger, person("wang"), Person())
    async with admin._pool.acquire() as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND datname = current_database()"
        )
    for _ in range(3):  # the pool notices dead connections one by one
        try:
            tally = await commit(ledger, person("wang"), Person())
            break
        except LedgerUnavailable:
            continue
    assert tally.after == Headcount(2, 0)


async def test_an_absent_server_fails_closed(clock: Clock) -> None:
    """Where nothing listens, nothing is counted and nothing may be sent."""
    pytest.importorskip("asyncpg")
    with pytest.raises(LedgerUnavailable, match="database failed"):
        await PostgresLedger.open("postgresql://nobody@127.0.0.1:9/none", "acme", clock=clock)


async def test_without_the_extra_the_message_names_it(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver is not among the plain dependencies."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(LedgerUnavailable, match=r"silkgate\[postgres\]"):
        await PostgresLedger.open("postgresql://localhost/none", "acme", clock=clock)


KEY = LedgerKey(1, "a1" * 32)
OTHER = LedgerKey(1, "b2" * 32)
ROTATED = LedgerKey(2, "c3" * 32)


async def test_gateways_with_different_keys_do_not_share_a_ledger(
    postgres: PostgresBackend,
) -> None:
    """Each would count everybody anew, and both stay below the threshold."""
    await postgres.create()
    for _ in range(2):
        await postgres.open(key=KEY)
    for strange in (OTHER, ROTATED):
        with pytest.raises(LedgerUnavailable, match=r"not the one that the other gateways"):
            await postgres.open(key=strange)
    await postgres.open(key=KEY)


async def test_of_two_keys_at_once_one_is_taken(postgres: PostgresBackend) -> None:
    """Gateways that start together cannot both leave their mark."""
    await postgres.create()
    outcomes = await asyncio.gather(
        postgres.open(key=KEY), postgres.open(key=OTHER), return_exceptions=True
    )
    assert sum(isinstance(each, LedgerUnavailable) for each in outcomes) == 1


async def test_a_rotated_key_is_taken_over_on_the_first_of_january(
    postgres: PostgresBackend, clock: Clock
) -> None:
    """That day counts begin anew; the old key does not come back, nor a new one later."""
    await postgres.create()
    await postgres.open(key=KEY)
    clock.now = datetime(2026, 12, 31, 16, 1, tzinfo=UTC)  # 00:01 in China
    await postgres.open(key=KEY)
    await postgres.open(key=ROTATED)
    with pytest.raises(LedgerUnavailable):
        await postgres.open(key=KEY)
    clock.now = datetime(2027, 1, 2, tzinfo=UTC)
    with pytest.raises(LedgerUnavailable):
        await postgres.open(key=LedgerKey(3, "d4" * 32))
    await postgres.open(key=ROTATED)


async def test_a_mark_tells_nothing_of_the_key(tmp_path: Path) -> None:
    """Nor is it what persons are hashed with."""
    keys = Keyring.create(tmp_path / "keys")
    mark = LedgerKey.of(keys).mark
    assert mark == LedgerKey.of(Keyring.open(tmp_path / "keys")).mark
    assert mark not in {keys.derive("ledger").hex(), keys._root("ledger", 1).hex()}
    assert mark != LedgerKey.of(Keyring.create(tmp_path / "others")).mark
