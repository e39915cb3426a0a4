"""What somebody without the key can do with what leaves: nothing that is tried here."""

from __future__ import annotations

import inspect
import sys

import pytest

from gateway.operators.model import OperatorContext
from gateway.operators.registry import OPERATORS
from tests.gateway.treating import FakeKeys

_KEYED = ["hash", "hash/sm3", "pseudonymize", "surrogate", "format_preserve"]
_PREFIX = [f"1380013{last:04}" for last in range(10_000)]  # all numbers that there are of it


def _treated(name: str, texts: list[str], recipient: str = "R", seed: str = "seed") -> list[str]:
    keys = FakeKeys(seed)
    context = OperatorContext(recipient=recipient, keys=keys, entity="PHONE_NUMBER")
    return OPERATORS[name].apply(texts, context)


@pytest.mark.parametrize("name", _KEYED)
def test_a_prefix_cannot_be_tried_out(name: str) -> None:
    """Whoever knows all candidates, the algorithm and the recipient, but another key, is lost.

    No candidate is matched to its own stand-in: under 30 keys of the attacker's, less than one
    would be by chance.
    """
    targets = _treated(name, _PREFIX[:50])
    for seed in range(30):
        guessed = _treated(name, _PREFIX[:50], seed=f"attacker {seed}")
        assert not any(one == other for one, other in zip(targets, guessed, strict=True))


@pytest.mark.parametrize("name", ["hash", "hash/sm3", "pseudonymize", "format_preserve"])
def test_a_whole_prefix_has_distinct_stand_ins(name: str) -> None:
    """Nobody shares one, and none is a number of the prefix in its own place."""
    made = _treated(name, _PREFIX)
    assert len(set(made)) == len(_PREFIX)
    assert not any(new == old for new, old in zip(made, _PREFIX, strict=True))


@pytest.mark.parametrize("name", _KEYED)
def test_two_recipients_cannot_join_their_files(name: str) -> None:
    """No person has one stand-in with both, so what is equal in the two sets says nothing."""
    one, other = (_treated(name, _PREFIX[:1000], recipient) for recipient in ("A", "B"))
    assert not any(left == right for left, right in zip(one, other, strict=True))
    if name != "format_preserve" and name != "surrogate":
        assert not set(one) & set(other)


@pytest.mark.parametrize("name", _KEYED)
def test_the_order_of_records_shows_nothing(name: str) -> None:
    """The same stand-ins whatever stands beside and before."""
    made = dict(zip(_PREFIX[:200], _treated(name, _PREFIX[:200]), strict=True))
    again = _treated(name, _PREFIX[199::-1])
    assert again == [made[text] for text in _PREFIX[199::-1]]


@pytest.mark.parametrize("name", OPERATORS)
def test_every_treatment_says_what_it_promises(name: str) -> None:
    """What it hides and keeps, whether it is reversible, its grade in GB/T 42460's words."""
    apply = OPERATORS[name].apply
    module = sys.modules[apply.__module__]
    said = f"{inspect.getdoc(apply)} {module.__doc__ if name not in _OWN_WORDS else ''}".lower()
    for word in ("hide", "keep", "grade"):
        assert word in said, word
    assert name == "keep" or "reversible" in said


_OWN_WORDS = ("keep", "suppress", "suppress/field", "suppress/record")
