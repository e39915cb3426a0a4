"""Scale is a part of grading: thresholds are data, the reason travels with the finding."""

from __future__ import annotations

import json
from importlib.resources import files

from classifiers.classify import Classifier
from classifiers.scale import scales, told
from tests.classifiers.batches import batch_of

RECORD = {"customer_name": "王小明", "diagnosis": "2型糖尿病", "order_no": "202611230001"}


def reasons(classifier: Classifier, persons: int | None) -> dict[str, str]:
    found = classifier.classify(batch_of([RECORD]), persons=persons)
    return {found.pointers[f.column]: f.reason for f in found.findings if f.verdict.treated}


def test_reasons_follow_the_number_of_persons(classifier: Classifier) -> None:
    """The strictest rule that is about the finding; edges belong to the larger side."""
    plain = {"/customer_name": "", "/diagnosis": ""}
    assert reasons(classifier, None) == plain
    assert reasons(classifier, 99_999) == plain
    assert reasons(classifier, 100_000) == plain | {"/diagnosis": "scale.health"}
    assert reasons(classifier, 1_000_000) == {
        "/customer_name": "scale.million",
        "/diagnosis": "scale.health",
    }
    assert reasons(classifier, 10_000_000)["/customer_name"] == "scale.ten_million"


def test_level_and_category_stay(classifier: Classifier) -> None:
    """Only a person finds data important."""
    few = classifier.classify(batch_of([RECORD]), persons=1)
    many = classifier.classify(batch_of([RECORD]), persons=20_000_000)
    kept = [[(f.category, f.level, f.verdict) for f in found.findings] for found in (few, many)]
    assert kept[0] == kept[1]
    assert {rule.code for rule in told(many.findings)} == {"scale.health", "scale.ten_million"}


def test_policies_hold_the_same_rules() -> None:
    """Codes, words and sources agree with what policies say of them."""
    law = json.loads(files("policies").joinpath("rego/silkgate/scales/data.json").read_bytes())
    assert {rule.code for rule in scales()} == law.keys()
    for rule in scales():
        said = law[rule.code]
        assert (rule.en, rule.zh, rule.citation) == (said["en"], said["zh"], said["citation"])
