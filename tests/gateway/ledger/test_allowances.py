"""Sandboxes, pilots and shadow facts: tallies of their own, in every ledger."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import UNSET

from gateway.ledger.model import (
    Allowance,
    Headcount,
    Person,
    Share,
    Spent,
    Tally,
    TallyMoved,
)
from policies.model import AllowanceBands, Band
from tests.gateway.ledger.conftest import PostgresBackend
from tests.gateway.ledger.people import EDGES, OPEN_BANDS, Clock, person

TRY = "sandbox.try"
CAPS = {TRY: Allowance(persons=5, records=100, bytes=1_000)}


def share(records: int = 1, size: int = 10) -> Share:
    return Share(CAPS, records, size)


async def commit(ledger: Any, *persons: Person, ref: str = "1", year: int = 2026, **of: Any) -> Any:
    taken = of or {"share": share()}
    return await ledger.commit(persons, OPEN_BANDS, year=year, export_ref=ref, **taken)


async def spent(ledger: Any) -> Spent:
    found: Spent = (await ledger.preview([], EDGES, share=share(0, 0))).tally.within[TRY]
    return found


async def test_what_leaves_under_an_allowance_is_counted_there(backend: Any) -> None:
    """Persons once, exempt or not; records and bytes each time; the year's tallies as ever."""
    ledger = await backend.create()
    some = [person("wang"), person("li", exempt="cn.order16.art5.1.1")]
    tally = await commit(ledger, *some, share=share(2, 40))
    assert tally.within == tally.taken == {TRY: Spent(2, 2, 40)}
    assert tally.after == Headcount(1, 0)
    tally = await commit(ledger, person("li"), person("zhao"), ref="2", share=share(3, 50))
    assert tally.taken == {TRY: Spent(1, 3, 50)}
    assert tally.within == {TRY: Spent(3, 5, 90)}
    assert tally.after == Headcount(3, 0)


async def test_other_exports_leave_it_alone(backend: Any) -> None:
    """A person who left on another route is new to the sandbox."""
    ledger = await backend.create()
    await ledger.commit([person("wang")], OPEN_BANDS, year=2026, export_ref="0")
    assert await spent(ledger) == Spent()
    assert (await commit(ledger, person("wang"))).taken == {TRY: Spent(1, 1, 10)}


async def test_an_export_of_nobody_takes_its_volume(backend: Any) -> None:
    """Business data has records and bytes, and no persons."""
    ledger = await backend.create()
    await commit(ledger, share=share(7, 70))
    assert await spent(ledger) == Spent(0, 7, 70)


async def test_a_retry_takes_nothing_again(backend: Any) -> None:
    """The same reference, before and after reopening."""
    ledger = await backend.create()
    await commit(ledger, person("wang"), Person())
    again = await commit(ledger, person("wang"), Person())
    assert again.taken == {TRY: Spent()}
    ledger = await backend.open()
    assert (await commit(ledger, person("wang"), Person())).within == {TRY: Spent(2, 1, 10)}


@pytest.mark.parametrize(
    ("persons", "records", "size"),
    [(5, 1, 10), (1, 100, 10), (1, 1, 1_000)],
    ids=["persons", "records", "bytes"],
)
async def test_each_cap_holds_the_whole_export(
    backend: Any, persons: int, records: int, size: int
) -> None:
    """Nobody of it is counted, in any tally; one less of everything goes through."""
    ledger = await backend.create()
    some = [person(n) for n in range(persons)]
    with pytest.raises(TallyMoved):
        await commit(ledger, *some, share=share(records, size))
    assert await spent(ledger) == Spent()
    assert (await ledger.preview([], EDGES)).tally.after == Headcount()
    fitting = share(min(records, 99), min(size, 999))
    await commit(ledger, *some[:4], share=fitting)
    assert await spent(ledger) == Spent(min(persons, 4), min(records, 99), min(size, 999))


async def test_a_preview_tells_the_band(backend: Any) -> None:
    """Below the cap, or at it; without an allowance nothing is told."""
    ledger = await backend.create()
    seen = await ledger.preview([person("wang")], EDGES, share=share(100, 10))
    assert seen.bands.within == {
        TRY: AllowanceBands(persons=Band(0, 5), records=Band(100, None), bytes=Band(0, 1_000))
    }
    assert (await ledger.preview([person("wang")], EDGES)).bands.within is UNSET


async def test_of_many_at_once_those_below_the_cap_get_through(backend: Any) -> None:
    """Each was decided on below the cap; four persons fit."""
    ledger = await backend.create()
    outcomes = await asyncio.gather(
        *(commit(ledger, person(n), ref=str(n)) for n in range(20)), return_exceptions=True
    )
    assert sum(isinstance(each, Tally) for each in outcomes) == 4
    assert sum(isinstance(each, TallyMoved) for each in outcomes) == 16
    assert await spent(ledger) == Spent(4, 4, 40)


async def test_two_gateways_share_the_cap(postgres: PostgresBackend) -> None:
    """One database, twenty exports through both."""
    gateways = [await postgres.create(), await postgres.open()]
    outcomes = await asyncio.gather(
        *(commit(gateways[n % 2], person(n), ref=str(n)) for n in range(20)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Tally) for each in outcomes) == 4
    for gateway in gateways:
        assert await spent(gateway) == Spent(4, 4, 40)


async def test_an_allowance_outlives_the_year(backend: Any, clock: Clock) -> None:
    """The year's tallies begin anew, a sandbox's goes on; whoever comes again may count again."""
    ledger = await backend.create()
    await commit(ledger, person("wang"), person("li"), share=share(50, 100))
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    assert await spent(ledger) == Spent(2, 50, 100)
    assert (await ledger.preview([], EDGES)).tally.after == Headcount()
    with pytest.raises(TallyMoved):
        await commit(ledger, share=share(50, 0), ref="2", year=2027)
    await commit(ledger, person("zhao"), ref="2", year=2027)
    ledger = await backend.open()
    assert await spent(ledger) == Spent(3, 51, 110)


async def test_the_journal_holds_it_all(backend: Any, clock: Clock) -> None:
    """Erasing a person and rebuilding leave the numbers, over a turn of the year too."""
    ledger = await backend.create()
    await commit(ledger, person("wang"), person("li"))
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    await commit(ledger, person("zhao"), ref="2", year=2027)
    await ledger.erase([person("zhao").strong])
    assert await spent(ledger) == Spent(3, 2, 20)
    if isinstance(backend, PostgresBackend):
        await ledger.rebuild()
    ledger = await backend.open()
    assert await spent(ledger) == Spent(3, 2, 20)
