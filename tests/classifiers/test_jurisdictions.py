"""The table of national numbers, row by row: a detector, its shape, its check, its titles."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final

import pytest
import regex

from benchmarks.eval.numbers import Kind, alone, kinds, sample, titled
from classifiers.classify import Classifier
from classifiers.detector import Detector
from classifiers.model import Finding, Verdict
from classifiers.registry import default_registry
from tests.classifiers.batches import batch_of

DETECTORS: Final[Mapping[str, Detector]] = {d.name: d for d in default_registry().detectors}
ROWS: Final = [kind for kind in kinds() if kind.shape.isascii()]
RCEP: Final = "CN JP KR AU NZ BN KH ID LA MY MM PH SG TH VN".split()
NEIGHBOURS: Final = "HK MO TW".split()
AFRICA: Final = "ZA KE NG EG GH RW TZ UG ET SN MA DZ TN".split()
EU: Final = (
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()
)
OTHERS: Final = "GB US CA BR IN AE SA KZ UZ PK RU RS CL BD".split()
PHONES: Final = frozenset(
    {"phone.national", "phone.international", "cn.mobile", "cn.landline", "tw.landline"}
)


def row(kind: Kind) -> str:
    """How the row is called in reports."""
    return f"{kind.country} {' '.join(sorted(kind.detectors))} {kind.shape[:24]}"


def about(found: Sequence[Finding], text: str, number: str) -> list[Finding]:
    """The findings that cover all of the number."""
    start = text.index(number)
    return [f for f in found if f.start <= start and f.end >= start + len(number)]


def treated(classifier: Classifier, texts: Sequence[str]) -> list[list[Finding]]:
    """Per text, what must be asked about or is labelled as trade data."""
    distinct = list(dict.fromkeys(texts))
    found: dict[str, list[Finding]] = {text: [] for text in distinct}
    batch = batch_of([{"x1": text} for text in distinct])
    (column,) = (index for index, c in enumerate(batch.columns) if c.pointer == "/x1")
    for finding in classifier.classify(batch).findings:
        if finding.verdict.treated and finding.column == column:
            found[batch.columns[column].values[finding.value]].append(finding)
    return [found[text] for text in texts]


@pytest.mark.parametrize("country", [*RCEP, *NEIGHBOURS, *AFRICA, *EU, *OTHERS])
def test_every_country_has_rows(country: str) -> None:
    """No member, neighbour or partner of the table is without a number."""
    assert any(kind.country == country for kind in ROWS)


@pytest.mark.parametrize("kind", ROWS, ids=row)
def test_shape_and_check(kind: Kind) -> None:
    """A number that an independent check accepts has our shape and passes our check."""
    for number in sample(kind, random.Random(20261122), 8):
        fitting = [
            DETECTORS[name]
            for name in kind.detectors
            if any(
                regex.fullmatch(pattern.regex, number, DETECTORS[name].flags)
                for pattern in DETECTORS[name].patterns
            )
        ]
        assert fitting, "no detector has this shape"
        verdicts = {detector.verify(number) for detector in fitting}
        assert Verdict.REFUTED not in verdicts
        if kind.check and kind.check not in _NO_DIGIT:
            assert Verdict.CONFIRMED in verdicts


# What python-stdnum calls valid by parts such as place and date; there is no check digit to hold.
_NO_DIGIT: Final = frozenset("my.nric us.ssn us.itin in_.pan pk.cnic id.nik".split())


def test_beside_their_titles(classifier: Classifier) -> None:
    """Typed as identifiers in whatever frame the title stands, at least 98 of 100."""
    random_ = random.Random(7)
    cases = [
        (kind, title, number)
        for kind in kinds()
        for title, number in zip(kind.titles, sample(kind, random_, len(kind.titles)), strict=True)
    ]
    texts = [titled(title, number, random_) for _, title, number in cases]
    missed = [
        row(kind)
        for (kind, _, number), text, found in zip(
            cases, texts, treated(classifier, texts), strict=True
        )
        if not any(f.detector not in PHONES for f in about(found, text, number))
    ]
    assert len(missed) <= 0.02 * len(cases), missed


def test_strong_shapes_alone(classifier: Classifier) -> None:
    """With no hint at all, at least 99 of 100."""
    random_ = random.Random(7)
    cases = [(kind, number) for kind in alone() for number in sample(kind, random_, 10)]
    found = treated(classifier, [number for _, number in cases])
    missed = [
        row(kind)
        for (kind, number), findings in zip(cases, found, strict=True)
        if not about(findings, number, number)
    ]
    assert len(missed) <= 0.01 * len(cases), missed


def test_title_of_another_number(classifier: Classifier) -> None:
    """A title speaks for its own number, not for the next one that has a title too."""
    text = "National ID: 3-1006-00445-63-5, Tel: 081-234-5678"
    (found,) = treated(classifier, [text])
    assert [(f.detector, text[f.start : f.end]) for f in found] == [
        ("th.pin", "3-1006-00445-63-5"),
        ("phone.national", "081-234-5678"),
    ]
