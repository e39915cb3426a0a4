"""All operators: names, order, and what each must hold to."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policies
from gateway.operators.model import OperatorContext
from gateway.operators.registry import OPERATORS, UnknownTreatment, operator, strictest
from tests.gateway.treating import FakeKeys

_ENTITIES = st.sampled_from(["PERSON", "PHONE_NUMBER", "LOCATION", "AGE", "CN_RESIDENT_ID", ""])
_TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=5)
_BY_VALUE = [
    name for name in OPERATORS if name not in {"encrypt", "encrypt/sm4", "noise", "shuffle"}
]


def _context(entity: str = "") -> OperatorContext:
    return OperatorContext(recipient="R", keys=FakeKeys(), entity=entity)


def test_the_order_is_the_policys() -> None:
    """What policy and gateway call stricter is the same."""
    path = Path(policies.__file__).parent / "rego/silkgate/strictness/data.json"
    policy = json.loads(path.read_text())
    assert list(OPERATORS) == policy["order"]
    assert {each.name for each in OPERATORS.values() if each.restorable} == set(
        policy["restorable"]
    )
    assert strictest(["keep", "mask", "hash"]) == "hash"
    assert strictest([]) == "suppress"


@pytest.mark.parametrize(
    "treatment",
    [
        "vanish",
        "mask:",
        "mask:x=1",
        "mask:first=-1",
        "mask:first=1,first=2",
        "mask:first=1;last=2",
        "hash:first=1",
        "round:digits=3",
        "noise:epsilon=0",
        "noise:epsilon=2",
        "noise:low=1",
        "top_code:low=2,high=1",
        "generalize:to=day",
        "generalize:prefix=32",
        "shift:days=3",
    ],
)
def test_unknown_treatments_are_refused(treatment: str) -> None:
    """By name, with what is wrong: names and parameters out of the lists and bounds."""
    with pytest.raises(UnknownTreatment, match=re.escape(repr(treatment))):
        operator(treatment)


@pytest.mark.parametrize(
    ("treatments", "want"),
    [
        (["mask", "mask:first=0"], "mask:first=0"),
        (["mask:first=0", "mask:first=0"], "mask:first=0"),
        (["mask:first=0", "mask:last=0"], "suppress"),
        (["mask:first=0", "mask:last=0", "hash"], "hash"),
        (["suppress", "suppress/record", "keep"], "suppress/record"),
    ],
)
def test_the_strictest_of_forms(treatments: list[str], want: str) -> None:
    """Parameters hide more; of two different ones nobody knows which does."""
    assert strictest(treatments) == want
    assert strictest(treatments[::-1]) == want


@pytest.mark.parametrize("name", OPERATORS)
@settings(max_examples=20)
@given(texts=_TEXTS, entity=_ENTITIES)
def test_one_text_for_each_text(name: str, texts: list[str], entity: str) -> None:
    """Whatever the texts: as many come out, all encodable."""
    out = OPERATORS[name].apply(texts, _context(entity))
    assert len(out) == len(texts)
    "".join(out).encode()


@pytest.mark.parametrize("name", _BY_VALUE)
@settings(max_examples=20)
@given(texts=_TEXTS, entity=_ENTITIES)
def test_neighbours_do_not_matter(name: str, texts: list[str], entity: str) -> None:
    """A column gives what its texts give one by one."""
    apply, context = OPERATORS[name].apply, _context(entity)
    assert apply(texts, context) == [apply([text], context)[0] for text in texts]


@pytest.mark.parametrize("name", [name for name in OPERATORS if name != "keep"])
def test_a_phone_is_gone(name: str) -> None:
    """No treatment but keep leaves the number in its place."""
    numbers = [f"1380013{i:04}" for i in range(50)]
    out = OPERATORS[name].apply(numbers, _context("PHONE_NUMBER"))
    assert all(new != old for new, old in zip(out, numbers, strict=True))
