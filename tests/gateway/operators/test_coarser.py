"""Generalize, round, shift, noise and shuffle."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.operators.generalize import generalize
from gateway.operators.model import OperatorContext
from gateway.operators.numeric import MAX_SHIFT_DAYS, noise, round_off, shift
from gateway.operators.shuffle import shuffle
from tests.gateway.treating import FakeKeys


def _context(
    entity: str = "X", subject: str = "", random: Callable[[int], bytes] = lambda n: b"\x55" * n
) -> OperatorContext:
    return OperatorContext(
        recipient="R", keys=FakeKeys(), entity=entity, subject=subject, random=random
    )


@pytest.mark.parametrize(
    ("entity", "text", "want"),
    [
        ("DATE_TIME", "2018-09-15 12:24:27", "2018-09"),
        ("DATE_TIME", "2018年9月15日", "2018-09"),
        ("DATE_TIME", "20180915", "2018-09"),
        ("DATE_TIME", "soon", "<DATE_TIME>"),
        ("DATE_OF_BIRTH", "1990-01-31", "1990"),
        ("DATE_OF_BIRTH", "31/01/1990", "1990"),
        ("AGE", "37", "30-39"),
        ("AGE", "９", "0-9"),
        ("AGE", "102", "90+"),
        ("AGE", "old", "<AGE>"),
        ("LOCATION", "江苏省常州市天宁区东晓街道1号", "江苏省常州市"),
        ("LOCATION", "广西壮族自治区南宁市青秀区", "广西壮族自治区南宁市"),
        ("LOCATION", "12 Orchard Rd, Singapore", "Singapore"),
        ("LOCATION", "12 Orchard Rd", "<LOCATION>"),
        ("IP_ADDRESS", "203.0.113.77", "203.0.113.0/24"),
        ("IP_ADDRESS", "2001:db8:1:2::3", "2001:db8:1::/48"),
        ("IP_ADDRESS", "300.1.1.1", "<IP_ADDRESS>"),
        ("AMOUNT", "18732.00", "10000-19999"),
        ("AMOUNT", "-450", "-(400-499)"),
        ("AMOUNT", "7.25", "7"),
        ("AMOUNT", "1e9", "<AMOUNT>"),
        ("GPS_COORDINATES", "31.23041,121.47370", "31.2,121.5"),
        ("GPS_COORDINATES", "wtw3sjq6q", "wtw3"),
        ("PERSON", "张三", "<PERSON>"),
    ],
)
def test_generalize_by_kind(entity: str, text: str, want: str) -> None:
    """Each kind has its own coarser form, and a placeholder where there is none."""
    assert generalize([text], _context(entity)) == [want]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("18732.50", "19000"),
        ("0.012345", "0.012"),
        ("-7", "-7"),
        ("0", "0"),
        ("x", "<X>"),
        ("999", "1000"),
    ],
)
def test_round_keeps_two_digits(text: str, want: str) -> None:
    """Two significant digits, in plain notation."""
    assert round_off([text], _context()) == [want]


@given(st.dates(date(1850, 1, 1), date(2090, 1, 1)), st.text(min_size=1, max_size=5))
def test_shift_moves_by_the_persons_days(day: date, subject: str) -> None:
    """All dates of a person move alike, by at least a day, in the form they had."""
    texts = [
        day.isoformat(),
        day.strftime("%Y%m%d"),
        f"{day.year}年{day.month}月{day.day}日",
        "none",
    ]
    one, compact, chinese, none = shift(texts, _context(subject=subject))
    moved = date.fromisoformat(one)
    assert 1 <= abs((moved - day).days) <= MAX_SHIFT_DAYS
    assert compact == moved.strftime("%Y%m%d")
    assert chinese == f"{moved.year}年{moved.month}月{moved.day}日"
    assert none == "<X>"


def test_shift_differs_between_persons() -> None:
    """Most persons' dates move by different numbers of days."""
    moved = {shift(["2000-06-15"], _context(subject=str(i)))[0] for i in range(100)}
    assert len(moved) > 50


@pytest.mark.parametrize("text", ["2000-02-30", "1800-02-31 x 2000-01-01", "", "99999999"])
def test_shift_suppresses_what_is_no_date(text: str) -> None:
    """Nothing unparsed passes as it was, nor does a date of nobody."""
    assert shift([text], _context(subject="p")) == ["<X>"]
    assert shift(["2000-01-01"], _context()) == ["<X>"]


def test_noise_is_laplace_with_the_stated_scale() -> None:
    """Centred on the number; mean deviation is the scale (a Laplace law's b)."""
    numbers = count(1)
    spread = _context(
        random=lambda n: (next(numbers) * 0x9E3779B97F4A7C % 2**56).to_bytes(n, "big")
    )
    drawn = [float(each) - 500 for each in noise(["500.000"] * 20_000, spread)]
    assert abs(statistics.median(drawn)) < 25
    assert 950 < statistics.fmean(map(abs, drawn)) < 1050


@pytest.mark.parametrize("text", ["x", "", "1e5", "NaN"])
def test_noise_is_for_numbers(text: str) -> None:
    """Anything else is suppressed."""
    assert noise([text], _context()) == ["<X>"]


@given(st.lists(st.text(max_size=3), max_size=20), st.binary(min_size=32, max_size=32))
def test_shuffle_keeps_the_set_and_moves_everyone(texts: Sequence[str], seed: bytes) -> None:
    """The distinct values stay, each elsewhere; equal texts stay equal."""
    out = shuffle(texts, _context(random=lambda n: seed[:n]))
    if len(set(texts)) > 1:
        assert set(out) == set(texts)
        assert all(new != old for new, old in zip(out, texts, strict=True))
        assert len(set(zip(texts, out, strict=True))) == len(set(texts))
    else:
        assert out == ["<X>"] * len(texts)
