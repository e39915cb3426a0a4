"""A column's check digits say what it holds, whatever its header says; chance and trade do not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from classifiers.checksums import gtin, luhn
from classifiers.classify import Classifier
from classifiers.model import Verdict
from classifiers.registry import default_registry
from classifiers.shown import shown
from tests.classifiers.batches import batch_of

DETECTORS = {item.name: item for item in default_registry().detectors}
THAI = DETECTORS["th.pin"]
POLISH = DETECTORS["pl.pesel"]


def numbers(count: int, length: int, holds: Callable[[str], bool], first: str = "178") -> list[str]:
    """That many different numbers which pass a check, none of a card issuer's."""
    chance = random.Random(length)
    found: dict[str, None] = {}
    while len(found) < count:
        number = chance.choice(first) + "".join(chance.choices("0123456789", k=length - 1))
        if holds(number):
            found[number] = None
    return list(found)


def thai(number: str) -> bool:
    return THAI.verify(number) is Verdict.CONFIRMED


def polish(number: str) -> bool:
    return POLISH.verify(number) is Verdict.CONFIRMED


def treated(classifier: Classifier, name: str, values: list[str]) -> set[str]:
    """The detectors of what would be treated in a column of that name."""
    found = classifier.classify(batch_of([{name: value} for value in values]))
    return {item.detector for item in found.findings if item.verdict.treated}


@pytest.mark.parametrize("name", ["ref", "col7", "field_3"])
def test_a_header_that_says_nothing(classifier: Classifier, name: str) -> None:
    """Twenty valid numbers are what they are."""
    assert treated(classifier, name, numbers(20, 13, thai)) == {"th.pin"}


@pytest.mark.parametrize("name", ["order_no", "tracking_number", "sku"])
def test_a_header_that_says_trade(classifier: Classifier, name: str) -> None:
    """Numbers with a birth date inside are no orders."""
    assert "pl.pesel" in treated(classifier, name, numbers(40, 11, polish, first="8"))


def test_chance_shows_nothing(classifier: Classifier) -> None:
    """Numbers of which few pass the check are orders, and so are few numbers that all do."""
    assert treated(classifier, "ref", numbers(200, 13, lambda _: True)) == set()
    assert shown([THAI], numbers(19, 13, thai)) == frozenset()
    mixed = [*numbers(30, 13, thai), *numbers(6, 13, lambda number: not thai(number))]
    random.Random(1).shuffle(mixed)
    assert shown([THAI], mixed) == frozenset()


@pytest.mark.parametrize(("check", "length"), [(gtin, 13), (luhn, 12)])
def test_check_digits_of_trade_show_nothing_in_trade(
    classifier: Classifier, check: Callable[[str], bool], length: int
) -> None:
    """Trade items and parcels have check digits, too."""
    assert treated(classifier, "barcode", numbers(40, length, check, first="9")) == set()


def test_a_check_that_changed_digits_pass_proves_nothing() -> None:
    """What accepts anything cannot tell one number from another."""
    loose = replace(THAI, verify=lambda _: Verdict.CONFIRMED)
    valid = numbers(20, 13, thai)
    assert shown([THAI], valid) == {"th.pin"}
    assert shown([loose], valid) == frozenset()
