"""Which treated texts are looked for elsewhere, and where they are seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.treatment.needles import Needles, is_needle, is_strong


@pytest.mark.parametrize(
    "text",
    ["13800138000", "518012", "张三", "김민", "li@x.cn", "John Smith", "password", "P1234567"],
)
def test_telling_texts_are_needles(text: str) -> None:
    """Texts one does not meet by chance."""
    assert is_needle(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "12345",
        "111111",
        "10000000",
        "test",
        "true",
        "张",
        "哈哈",
        "aaaaaaaa",
        "Li Na",
        "-----------",
    ],
)
def test_common_texts_are_no_needles(text: str) -> None:
    """Texts that stand everywhere would stop every export."""
    assert not is_needle(text)


@pytest.mark.parametrize("text", ["13800138000", "li@x.cn", "江苏省常州市天宁区东晓街道"])
def test_identifiers_are_strong(text: str) -> None:
    """Nobody else is likely to have them."""
    assert is_strong(text)


@pytest.mark.parametrize(
    "text", ["张三", "1990-01-31", "19900131", "2018/9/15 12:24:27", "1990年1月31日", "518000"]
)
def test_names_dates_and_codes_are_weak(text: str) -> None:
    """Many people share them."""
    assert not is_strong(text)


@pytest.mark.parametrize(
    ("value", "spans"),
    [
        ("13800138000", [(0, 11)]),
        ("电话13800138000张", [(2, 13)]),
        ("a13800138000b", [(1, 12)]),
        ("１３８\u200b００１３８０００", [(0, 12)]),
        ("13800138000 13800138000", [(0, 11), (12, 23)]),
        ("913800138000", []),
        ("138001380001", []),
        ("1380013800", []),
    ],
)
def test_whole_tokens_are_seen(value: str, spans: list[tuple[int, int]]) -> None:
    """In any spelling, between any letters, but not within a longer number."""
    hits = [(start, end) for _, _, start, end, _ in Needles(["13800138000"]).hits([[value]])]
    assert hits == spans


def test_words_are_not_cut() -> None:
    """A name is not seen inside a longer word; ideographs have no word ends."""
    needles = Needles(["John Smith", "张三"])
    assert not list(needles.hits([["Long John Smithson"]]))
    assert list(needles.hits([["x"], [], ["y", "张三丰"]])) == [(2, 1, 0, 2, 1)]


@given(
    st.lists(st.text("ab\n张 ", min_size=1, max_size=4), min_size=1, max_size=3, unique=True),
    st.lists(st.lists(st.text("ab\n张 ", max_size=8), max_size=3), max_size=4),
)
def test_hits_lie_within_one_value(needles: list[str], columns: list[list[str]]) -> None:
    """Searching all columns at once finds what searching each value alone finds."""
    alone = [
        (column, number, *hit[2:])
        for column, values in enumerate(columns)
        for number, value in enumerate(values)
        for hit in Needles(needles).hits([[value]])
    ]
    together = list(Needles(needles).hits(columns))
    assert sorted(together) == sorted(alone)
    assert all(columns[c][v][start:end] == needles[n] for c, v, start, end, n in together)
