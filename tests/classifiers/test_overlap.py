"""Spans and their owners."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.model import Evidence, Finding, Level, Verdict
from classifiers.overlap import fills, outranks, resolve

TEXT = st.text(st.sampled_from("a \t\u3000\n1"), max_size=8)
SPANS = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(sorted)
FINDINGS = st.builds(
    Finding,
    column=st.just(0),
    value=st.just(0),
    start=st.integers(0, 5),
    end=st.integers(6, 10),
    category=st.sampled_from(["pi_basic", "spi_comm_content"]),
    entity=st.just("X"),
    level=st.sampled_from(Level),
    verdict=st.sampled_from(Verdict),
    score=st.just(0.5),
    detector=st.sampled_from(["a", "b"]),
    evidence=st.sampled_from(Evidence),
)


@given(TEXT, SPANS)
def test_a_span_fills_a_text_if_only_blanks_are_left(text: str, span: list[int]) -> None:
    """As cutting the text and stripping what is left would tell."""
    start, end = (min(at, len(text)) for at in span)
    assert fills(text, start, end) == (not (text[:start].strip() or text[end:].strip()))


@given(FINDINGS, FINDINGS)
def test_what_is_outranked_never_stands(rival: Finding, finding: Finding) -> None:
    """Leaving such a finding out beforehand changes nothing."""
    text = "0123456789"
    if outranks(rival, finding, len(text)):
        assert resolve([rival, finding], text) == resolve([finding, rival], text) == [rival]


@settings(max_examples=500)
@given(st.lists(FINDINGS, max_size=4), st.randoms())
def test_the_order_of_rivals_never_matters(rivals: list[Finding], random: Random) -> None:
    """Whatever the order in which detectors report."""
    text = "0123456789"
    expected = resolve(rivals, text)
    random.shuffle(rivals)
    assert resolve(rivals, text) == expected


def test_a_named_short_number_is_what_its_column_says() -> None:
    """A mobile that fits another country's check digits; a long number stays whatever the name."""
    for length, owner in ((11, "cn.mobile"), (18, "cn.resident_id")):
        named = _number(length, "cn.mobile", Level.PI, Evidence.FIELD)
        by_chance = _number(length, "cn.resident_id", Level.SPI, Evidence.VALUE)
        (standing,) = resolve([by_chance, named], "1" * length)
        assert standing.detector == owner


def _number(length: int, detector: str, level: Level, evidence: Evidence) -> Finding:
    confirmed = Verdict.CONFIRMED
    return Finding(0, 0, 0, length, "pi_basic", "X", level, confirmed, 0.99, detector, evidence)
