"""The one shape of numbers that only a title tells: letters and digits, digits enough.

Hundreds of documents have numbers without check or fixed form, and each country's list ages. What
stands beside `driver's license no.` is one of them, whatever it looks like; an identifier that
fits better goes before it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word

_LEAST: Final = 5  # digits; one fewer beside letters
_GROUP: Final = "[A-Z]{0,6}[0-9][0-9A-Z]{0,23}"
_NEXT: Final = r"(?:[-./ ][0-9A-Z]{0,4}[0-9][0-9A-Z]{0,11}|[-./][A-Z]{1,3}|\([0-9A-Z]{1,2}\))"
SHAPE: Final = rf"(?:[A-Z]{{1,5}}[-./])?{_GROUP}{_NEXT}{{0,7}}"


def verify(text: str) -> Verdict:
    """Whether there are digits enough for a number of a document."""
    digits = sum(char.isdigit() for char in text)
    letters = any(char.isalpha() for char in text)
    return Verdict.UNKNOWN if digits + letters >= _LEAST else Verdict.REFUTED


@lru_cache(maxsize=1)
def _titles() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(
        files("classifiers").joinpath("data/titles.json").read_bytes()
    )
    return found


def titled_detector(
    name: str, category: str, entity: str, fields: tuple[str, ...] = ()
) -> Detector:
    """A detector of what stands beside one of the titles of `name` in `data/titles.json`."""
    return Detector(
        name=f"document.{name}",
        category=category,
        entity=entity,
        patterns=(Pattern("number", word(SHAPE), 0.01),),
        verify=verify,
        context=tuple(_titles()[name]),
        fields=fields,
        generic=True,
    )
