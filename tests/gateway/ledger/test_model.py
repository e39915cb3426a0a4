"""Bands, warnings and the year in China."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.model import (
    Approaching,
    Edges,
    Headcount,
    TallyMoved,
    approaching,
    band_of,
    bands_of,
    check_bands,
    year_of,
)
from policies.model import Band


@pytest.mark.parametrize(
    ("count", "at_least", "below"),
    [
        (0, 0, 100_000),
        (99_999, 0, 100_000),
        (100_000, 100_000, 1_000_000),
        (999_999, 100_000, 1_000_000),
        (1_000_000, 1_000_000, None),
    ],
)
def test_an_edge_belongs_to_the_band_above_it(count: int, at_least: int, below: int | None) -> None:
    """以上 includes the number itself (Order 16 arts 7, 8)."""
    assert band_of(count, (100_000, 1_000_000)) == Band(at_least=at_least, below=below)


@given(st.integers(0, 10**7), st.sets(st.integers(1, 10**7), max_size=6))
def test_a_band_holds_its_count(count: int, edges: set[int]) -> None:
    """And no edge lies inside a band."""
    band = band_of(count, sorted(edges))
    assert band.at_least <= count
    assert band.below is None or count < band.below
    assert not [e for e in edges if band.at_least < e < (band.below or 10**9)]


@pytest.mark.parametrize(
    ("now", "year"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), 2027),
        (datetime(2026, 12, 31, 12, tzinfo=timezone(timedelta(hours=-5))), 2027),
    ],
)
def test_the_year_turns_at_midnight_in_shanghai(now: datetime, year: int) -> None:
    """Eight hours before UTC, whatever zone the clock is in."""
    assert year_of(now) == year


def test_a_naive_clock_is_refused() -> None:
    """Its year would be a guess."""
    with pytest.raises(ValueError, match="aware"):
        year_of(datetime(2026, 1, 1))  # noqa: DTZ001


def test_warns_from_four_fifths_of_an_edge() -> None:
    """And not after it is reached, and never of the first sensitive person."""
    edges = Edges(general=(100, 1_000), sensitive=(1, 10))
    assert approaching(Headcount(79, 0), edges) == ()
    assert approaching(Headcount(80, 8), edges) == (
        Approaching("general", 80, 100),
        Approaching("sensitive", 8, 10),
    )
    assert approaching(Headcount(100, 0), edges) == ()


def test_a_decision_holds_only_within_its_bands() -> None:
    """The upper edge is out, the lower one in."""
    bands = bands_of(Headcount(50, 0), Edges(general=(50, 100), sensitive=(1,)))
    check_bands(Headcount(99, 0), bands)
    for moved in (Headcount(100, 0), Headcount(49, 0), Headcount(50, 1)):
        with pytest.raises(TallyMoved):
            check_bands(moved, bands)
