"""The compiled twins do what the Python functions do, on any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers import candidates
from classifiers.candidates import ends, grouped, joined
from classifiers.canonical import _unusual, unusual
from classifiers.compiled import SCAN

pytestmark = pytest.mark.skipif(SCAN is None, reason="nothing is compiled here")

# What canonical forms turn on: digits apart, breaks, numerals, marks, widths, lone surrogates.
ODD = ["\u200b", "\x00", "\x7f", "\u2028", "😀", "ก", "\ud800", "\u3000", "\u3041", "1 2 3 4"]
UNITS = st.sampled_from([*"0123459 ./_,|-\n\t\r一二三〇零幺两十，。（）“”…—、aZ中éＡ１", *ODD])
# What is run together: numerals with digits, digits one by one, a number broken over lines.
RUNS = st.sampled_from(["一二", "三", "12345", "1 2 3 4 5 6", " 7", "1,2/3", "8\n9", "\r", "中"])
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.lists(UNITS, max_size=24).map("".join),
        st.lists(RUNS, max_size=4).map("".join),
    )
)


@settings(max_examples=500)
@given(TEXTS)
def test_unusual_texts_are_the_same(texts: list[str]) -> None:
    """A text that one of them passes by would not be inspected in its canonical form."""
    assert unusual(texts) == _unusual(texts)


@settings(max_examples=300)
@given(TEXTS, st.data())
def test_candidates_are_the_same(texts: list[str], data: st.DataObject) -> None:
    """The buffer, where each text begins, and which rules may match where."""
    whole, starts = joined(texts)
    plain, begins = candidates._joined(texts)
    assert whole == plain
    assert list(memoryview(starts).cast("q") if isinstance(starts, bytearray) else starts) == begins
    owners = tuple(
        data.draw(st.lists(st.tuples(st.integers(0, 5)) | st.just((1, 3)), min_size=2, max_size=4))
    )
    trails = tuple(data.draw(st.integers(0, 1)) for _ in owners)
    numbers = st.integers(0, len(owners) - 1)
    hits = data.draw(st.lists(st.tuples(numbers, st.integers(1, len(whole))), max_size=40))
    handler, found = ends()
    for number, end in hits if texts else ():
        handler(number, 0, end, 0, found)
    expected = candidates._grouped(hits if texts else [], begins, trails, owners)
    assert grouped(found, starts, trails, owners) == expected


def test_what_is_no_list_is_refused() -> None:
    """Wrong use is an error and no crash."""
    for function in (SCAN.joined, SCAN.changing):
        with pytest.raises(TypeError):
            function(("a",))
        with pytest.raises(TypeError):
            function([b"a"])
    with pytest.raises(TypeError):
        SCAN.note(1, 2, 3, 4, [])
    with pytest.raises(IndexError):
        SCAN.grouped(bytearray(b"\x07" + b"\0" * 15), bytearray(16), (), ())
