"""Generalize, round, shift, noise and shuffle."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.operators.generalize import generalize
from gateway.operators.model import OperatorContext
from gateway.operators.numeric import MAX_SHIFT_DAYS, noise, round_off, shift
from gateway.operators.registry import operator
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
    ("treatment", "entity", "text", "want"),
    [
        ("generalize:to=quarter", "DATE_TIME", "2018-09-15", "2018-Q3"),
        ("generalize:to=decade", "DATE_OF_BIRTH", "1990-01-31", "1990s"),
        ("generalize:to=province", "LOCATION", "深圳市南山区科技园", "广东省"),
        ("generalize:to=province", "LOCATION", "广东深圳南山区", "广东省"),
        ("generalize:to=province", "LOCATION", "吉林市船营区", "吉林省"),
        ("generalize:to=province", "LOCATION", "320402", "320000"),
        ("generalize:to=country", "LOCATION", "北京朝阳区", "中国"),
        ("generalize", "LOCATION", "北京朝阳区建国路1号", "北京"),
        ("generalize", "LOCATION", "广东深圳南山区", "广东深圳"),
        ("generalize", "LOCATION", "518057", "518000"),
        ("generalize:width=20", "AGE", "37", "20-39"),
        ("generalize:width=25000", "AMOUNT", "18732.10", "0-24999"),
        ("generalize:prefix=16", "IP_ADDRESS", "203.0.113.77", "203.0.0.0/16"),
        ("generalize:prefix=16", "IP_ADDRESS", "2001:db8:1::3", "2001:db8::/32"),
        ("generalize:precision=2", "GPS_COORDINATES", "wtw3sjq6q", "wt"),
        ("generalize:precision=3", "GPS_COORDINATES", "31.23041,121.47370", "31,121"),
        ("top_code:low=18,high=90", "AGE", "102", "90"),
        ("top_code:low=18,high=90", "AGE", "7", "18"),
        ("top_code:high=90", "AGE", "37", "37"),
        ("top_code:high=90", "AGE", "old", "<AGE>"),
        ("top_code", "AGE", "37", "<AGE>"),
        ("round:digits=1", "AMOUNT", "18732.50", "20000"),
        ("mask:last=2", "PHONE_NUMBER", "13800138000", "138******00"),
        ("mask:first=0", "PERSON", "张小丰", "**丰"),
        ("mask:domain=hide", "EMAIL_ADDRESS", "abc@acme.example", "a***@***"),
    ],
)
def test_parameters_hide_more(treatment: str, entity: str, text: str, want: str) -> None:
    """Steps, widths, prefixes, limits and what stays of a mask, as policy names them."""
    assert operator(treatment).apply([text], _context(entity)) == [want]


@pytest.mark.parametrize(
    ("treatment", "entity", "text"),
    [
        ("generalize:to=month", "DATE_OF_BIRTH", "1990-01-31"),
        ("generalize:width=10", "AMOUNT", "18732.10"),
        ("mask:first=9,last=9", "PHONE_NUMBER", "13800138000"),
        ("shift:days=182", "DATE_TIME", "2000-01-01"),
    ],
)
def test_parameters_never_hide_less(treatment: str, entity: str, text: str) -> None:
    """What would be finer than the plain form is the plain form."""
    plain = operator(treatment.partition(":")[0])
    context = _context(entity, subject="p")
    assert operator(treatment).apply([text], context) == plain.apply([text], context)


def test_a_step_of_another_ladder_keeps_nothing() -> None:
    """A place has no year."""
    assert operator("generalize:to=year").apply(["X, Spain"], _context("LOCATION")) == [
        "<LOCATION>"
    ]


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
    spread = _context(random=Random(1).randbytes)
    drawn = [float(each) - 500 for each in noise(["500.000"] * 20_000, spread)]
    assert abs(statistics.median(drawn)) < 25
    assert 950 < statistics.fmean(map(abs, drawn)) < 1050


def test_noise_with_limits_covers_all_of_them() -> None:
    """Scale (high - low) / epsilon around the number drawn into the limits, whatever its order."""
    apply = operator("noise:epsilon=0.5,low=0,high=10").apply
    for number, centre in (("3.000", 3.0), ("900.000", 10.0), ("-5.000", 0.0)):
        out = apply([number] * 20_000, _context(random=Random(1).randbytes))
        drawn = [float(each) - centre for each in out]
        assert abs(statistics.median(drawn)) < 1
        assert 19 < statistics.fmean(map(abs, drawn)) < 21


@pytest.mark.parametrize("random", [b"\x00", b"\xff"])
def test_noise_has_a_value_at_either_end(random: bytes) -> None:
    """The most extreme draws are numbers too."""
    (out,) = noise(["1"], _context(random=lambda n: random * n))
    assert 30 < abs(float(out)) < 1000


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
