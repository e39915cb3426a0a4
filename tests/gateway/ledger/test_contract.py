"""What every ledger must do: count once, hold at thresholds, survive retries, turn the year."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gateway.ledger.model import ClockBehind, Headcount, Opening, Person, Tally, TallyMoved
from tests.gateway.ledger.people import EDGES, OPEN_BANDS, Clock, key, person

OPENING = Opening(2026, 90, 0, date(2026, 6, 30), "filing 2026-7")


async def commit(ledger: Any, *persons: Person, ref: str = "export", year: int = 2026) -> Tally:
    tally: Tally = await ledger.commit(persons, OPEN_BANDS, year=year, export_ref=ref)
    return tally


async def after(ledger: Any) -> Headcount:
    counted: Headcount = (await ledger.preview([], EDGES)).tally.after
    return counted


async def test_a_person_counts_once_in_each_tally(backend: Any) -> None:
    """Whoever was general and becomes sensitive enters the second tally only."""
    ledger = await backend.create()
    assert (await commit(ledger, person("wang"), person("wang"), person("li"))).new.general == 2
    later = await commit(ledger, person("wang", sensitive=True), person("zhao"), ref="2")
    assert later.new == Headcount(1, 1)
    assert later.after == Headcount(3, 1)


async def test_preview_counts_nobody(backend: Any) -> None:
    """It only says what a commit would do."""
    ledger = await backend.create()
    seen = await ledger.preview([person("wang"), person("li", sensitive=True)], EDGES)
    assert seen.tally.after == Headcount(2, 1)
    assert (seen.bands.general.below, seen.bands.sensitive.at_least) == (100, 1)
    assert await after(ledger) == Headcount()


async def test_what_is_acknowledged_is_there_after_reopening(backend: Any) -> None:
    """Persons, links, exempt flows and totals."""
    ledger = await backend.create()
    people = [person(number) for number in range(300)]
    await commit(ledger, *people, Person(strong=key("a"), weak=(key("w"),)), Person())
    await commit(ledger, person("exempt", exempt="cn.order16.art5.1.1"), ref="2")
    ledger = await backend.open()
    again = await commit(ledger, *people, Person(weak=(key("w"),)), ref="3")
    assert again.new == Headcount()
    assert again.after == Headcount(302, 0)
    known = await commit(ledger, person("exempt", exempt="cn.order16.art5.1.1"), ref="4")
    assert not known.exempt


async def test_exempt_persons_stay_out_of_the_tally(backend: Any) -> None:
    """They are recorded by article (Order 16 art 5; CAC Q&A 2024-03)."""
    ledger = await backend.create()
    art5 = "cn.order16.art5.1.1"
    done = await commit(
        ledger, person("wang", exempt=art5), person("li", exempt="cn.order16.art4", sensitive=True)
    )
    assert done.after == Headcount()
    assert done.exempt == {art5: Headcount(1, 0), "cn.order16.art4": Headcount(1, 1)}
    assert (await commit(ledger, person("wang"), ref="2")).after == Headcount(1, 0)


async def test_a_retried_export_counts_nobody_twice(backend: Any) -> None:
    """Not even persons without identifier, and not after a restart."""
    ledger = await backend.create()
    batch = [person("wang"), Person(), Person(sensitive=True)]
    first = await commit(ledger, *batch)
    assert first.unidentified == Headcount(2, 1)
    ledger = await backend.open()
    retried = await commit(ledger, *batch)
    seen = await ledger.preview(batch, EDGES, export_ref="export")
    assert seen.tally.new == retried.new == Headcount()
    assert retried.after == first.after == Headcount(3, 1)
    assert (await commit(ledger, Person(), ref="another")).after == Headcount(4, 1)


async def test_a_commit_that_reaches_an_edge_counts_nobody(backend: Any) -> None:
    """All or none: the 99 persons before it are not counted either."""
    ledger = await backend.create()
    bands = (await ledger.preview([person(n) for n in range(99)], EDGES)).bands
    await ledger.commit([person("first")], bands, year=2026, export_ref="1")
    with pytest.raises(TallyMoved, match="general tally"):
        await ledger.commit([person(n) for n in range(99)], bands, year=2026, export_ref="2")
    assert await after(ledger) == Headcount(1, 0)


async def test_a_known_person_does_not_slip_past_a_reached_edge(backend: Any) -> None:
    """The decision rested on a band that is over, though the export adds nobody."""
    ledger = await backend.create()
    bands = (await ledger.preview([person("wang")], EDGES)).bands
    await ledger.commit([person("wang")], bands, year=2026, export_ref="1")
    await commit(ledger, *(person(n) for n in range(99)), ref="2")
    with pytest.raises(TallyMoved):
        await ledger.commit([person("wang")], bands, year=2026, export_ref="3")


async def test_none_of_a_hundred_exports_slips_past_a_threshold(backend: Any) -> None:
    """All decided on the band below 100 with 50 counted; just 49 may be committed."""
    ledger = await backend.create()
    await commit(ledger, *(person(f"before {n}") for n in range(50)))
    previews = await asyncio.gather(*(ledger.preview([person(n)], EDGES) for n in range(100)))
    outcomes = await asyncio.gather(
        *(
            ledger.commit([person(n)], seen.bands, year=2026, export_ref=str(n))
            for n, seen in enumerate(previews)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Tally) for outcome in outcomes) == 49
    assert sum(isinstance(outcome, TallyMoved) for outcome in outcomes) == 51
    assert await after(ledger) == Headcount(99, 0)


async def test_concurrent_exports_of_one_person_count_it_once(backend: Any) -> None:
    """However many arrive together."""
    ledger = await backend.create()
    done = await asyncio.gather(*(commit(ledger, person("wang"), ref=str(n)) for n in range(50)))
    assert sum(tally.new.general for tally in done) == 1
    assert await after(ledger) == Headcount(1, 0)


async def test_a_weak_identifier_stands_for_one_strong_person(backend: Any) -> None:
    """Seen beside one person it is that person; beside two, its own."""
    ledger = await backend.create()
    weak = Person(weak=(key("name+address"),))
    assert (await commit(ledger, Person(strong=key("a"), weak=weak.weak))).new.general == 1
    assert (await commit(ledger, weak, ref="2")).new.general == 0
    assert (await commit(ledger, Person(strong=key("b"), weak=weak.weak), ref="3")).new.general == 1
    assert (await commit(ledger, weak, ref="4")).new.general == 1


async def test_one_strong_identifier_does_not_stand_for_a_crowd(backend: Any) -> None:
    """Linking many weak identifiers to one strong person hides four of them at most."""
    ledger = await backend.create()
    crowd = [key(f"crowd {number}") for number in range(100)]
    await commit(ledger, *(Person(strong=key("front"), weak=(weak,)) for weak in crowd))
    lowest = sorted(crowd)[:4]  # whatever order they came in
    linked = await commit(ledger, *(Person(weak=(weak,)) for weak in lowest), ref="2")
    others = await commit(ledger, *(Person(weak=(weak,)) for weak in crowd), ref="3")
    assert (linked.new.general, others.new.general) == (0, 96)


async def test_linking_never_lowers_a_tally(backend: Any) -> None:
    """Two who turn out to be one stay two."""
    ledger = await backend.create()
    await commit(ledger, Person(weak=(key("w"),)), Person(strong=key("a")))
    linked = await commit(ledger, Person(strong=key("a"), weak=(key("w"),)), ref="2")
    assert linked.after == Headcount(2, 0)


async def test_the_year_turns_in_shanghai(backend: Any, clock: Clock) -> None:
    """A decision of the old year holds no more; the new one starts at nought, nothing missing."""
    clock.now = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    ledger = await backend.create()
    await commit(ledger, person("wang"), Person())
    clock.now = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    with pytest.raises(TallyMoved, match="2026 to 2027"):
        await commit(ledger, person("li"), ref="2")
    seen = await ledger.preview([person("wang")], EDGES)
    assert (seen.tally.year, seen.tally.after, seen.opening_missing) == (
        2027,
        Headcount(1, 0),
        False,
    )
    assert (await commit(ledger, person("wang"), year=2027)).after == Headcount(1, 0)
    ledger = await backend.open()
    assert await after(ledger) == Headcount(1, 0)


async def test_a_ledger_opened_in_a_later_year_starts_it(backend: Any, clock: Clock) -> None:
    """Though no gateway ran at midnight."""
    ledger = await backend.create()
    await commit(ledger, person("wang"))
    await backend.close()
    clock.now = datetime(2028, 3, 1, tzinfo=UTC)
    ledger = await backend.open()
    assert (await commit(ledger, person("wang"), year=2028)).new == Headcount(1, 0)


async def test_a_clock_set_back_a_year_is_refused_until_right(backend: Any, clock: Clock) -> None:
    """Nothing could be counted in a year that is over."""
    ledger = await backend.create()
    clock.now = datetime(2025, 12, 1, tzinfo=UTC)
    with pytest.raises(ClockBehind, match="2025"):
        await commit(ledger, person("wang"))
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    assert (await commit(ledger, person("wang"))).new == Headcount(1, 0)


async def test_a_year_begun_elsewhere_lacks_its_opening(backend: Any) -> None:
    """Until the company states one, also later."""
    ledger = await backend.create()
    assert (await ledger.preview([], EDGES)).opening_missing
    await commit(ledger, person("wang"))
    ledger = await backend.open(OPENING)
    seen = await ledger.preview([], EDGES)
    assert not seen.opening_missing
    assert seen.tally.after == Headcount(91, 0)
    assert not seen.warnings  # nobody new: it was told before
    (told,) = (await ledger.preview([person("li")], EDGES)).warnings
    assert told.count == 92
    ledger = await backend.open()
    assert await after(ledger) == Headcount(91, 0)


async def test_the_opening_balance_counts_towards_the_edge(backend: Any) -> None:
    """With 90 persons from before, the tenth reaches 100."""
    ledger = await backend.create(OPENING)
    bands = (await ledger.preview([], EDGES)).bands
    await ledger.commit([person(n) for n in range(9)], bands, year=2026, export_ref="1")
    with pytest.raises(TallyMoved):
        await ledger.commit([person("tenth")], bands, year=2026, export_ref="2")


async def test_a_forgotten_person_stays_counted(backend: Any) -> None:
    """Its key is gone: exported once more, it counts as new."""
    ledger = await backend.create()
    await commit(ledger, person("wang", sensitive=True), person("li"))
    assert await ledger.erase([key("wang")]) == 2
    assert await after(ledger) == Headcount(2, 1)
    ledger = await backend.open()
    assert (await commit(ledger, person("wang"), person("li"), ref="2")).new == Headcount(1, 0)


@pytest.mark.parametrize("bad", [b"", b"short", b"x" * 17])
async def test_a_key_of_another_length_is_refused(backend: Any, bad: bytes) -> None:
    """It would be no keyed hash; the ledger goes on."""
    ledger = await backend.create()
    with pytest.raises(ValueError, match="16 bytes"):
        await commit(ledger, Person(strong=bad))
    with pytest.raises(ValueError, match="reference"):
        await commit(ledger, person("wang"), ref="")
    assert (await commit(ledger, person("wang"))).new == Headcount(1, 0)
