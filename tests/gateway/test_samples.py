"""Every treatment on every sample file, found by the shipped classifier: all of them may leave."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from classifiers.classify import Classifier
from classifiers.model import Classification
from classifiers.registry import default_registry
from gateway.codecs import ndjson
from gateway.operators.registry import OPERATORS
from gateway.treatment.desensitize import desensitize
from gateway.treatment.needles import is_needle
from gateway.treatment.residual import residual_check
from gateway.treatment.rulings import must_treat
from policies.model import Decision
from tests.gateway.treating import context, decision

_SAMPLES = sorted(
    each.name
    for each in files("gateway.demo").joinpath("mall").iterdir()
    if each.name.endswith(".ndjson")
)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    cache: Path = tmp_path_factory.mktemp("hyperscan")
    return Classifier(default_registry(), cache_dir=cache)


def _rules(found: Classification, treatment: str) -> Decision:
    """The treatment for all that was found; none named where it is empty."""
    places = {
        (found.pointers[each.column], each.category) for each in found.findings if must_treat(each)
    }
    return decision(dict.fromkeys(places, treatment) if treatment else {})


def _row(row: int, column: int) -> str:
    del column
    return f"person {row}"


@pytest.mark.parametrize("name", _SAMPLES)
def test_samples_leave_treated(classifier: Classifier, name: str) -> None:
    """Decode, classify, treat, encode, decode again, check: for each treatment, and for silence."""
    body = files("gateway.demo").joinpath("mall", name).read_bytes()
    document = ndjson.decode(body)
    found = classifier.classify(document.batch)
    rows = document.batch.records
    for treatment in ["", *OPERATORS]:
        rules = [_rules(found, treatment)]
        treated = desensitize(document.batch, found, rules, [0] * rows, context(), person_of=_row)
        out = document.encode(treated.edits)
        again = ndjson.decode(out).batch
        residual_check(
            again, classifier.classify(again, evidence="value"), rules, [0] * rows, treated
        )
        if treatment == "keep":
            assert out == body
        if not treatment:
            gone = [text for text in treated.originals if is_needle(text)]
            assert not any(f'"{text}"'.encode() in out for text in gone)
