"""Which identifiers a column of numbers shows by its check digits, whatever its name.

One number in ten passes a check by chance, twenty numbers never do. A check so loose that changed
digits pass it too proves nothing, so each value is tried again with its last digit changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

import regex

from classifiers.checksums import gtin, luhn
from classifiers.detector import Detector
from classifiers.model import Verdict

_FEWEST: Final = 20  # distinct values
_SAMPLE: Final = 40
_LONGEST: Final = 24  # characters of a number
_DIGITS: Final = "0123456789"
_FIGURE: Final = regex.compile("[0-9][0-9 ./-]{3,}[0-9]")  # five digits and more in a row
_AGREE: Final = 0.95
_BY_CHANCE: Final = 0.3


def shown(
    detectors: Iterable[Detector], values: Sequence[str], *, trade: bool = False
) -> frozenset[str]:
    """Names of the detectors whose check nearly all of `values` pass.

    In a column named for `trade` data, a check digit that trade numbers have too shows nothing but
    where a birth date stands beside it.
    """
    if len(values) < _FEWEST or not _numeric(values[0].strip()):
        return frozenset()
    sample = [value.strip() for value in values[:_SAMPLE]]
    if not all(_numeric(value) for value in sample):
        return frozenset()
    ours = trade and _of_trade(sample)
    return frozenset(
        item.name
        for item in detectors
        if not (ours and item.born is None) and _agrees(item, sample)
    )


def _of_trade(sample: Sequence[str]) -> bool:
    """Whether the numbers carry the check digit of trade items, parcels or invoices."""
    digits = ["".join(char for char in value if char in _DIGITS) for value in sample]
    return any(
        sum(map(check, digits)) >= _AGREE * len(digits) for check in (gtin, luhn, _modulo_97)
    )


def _modulo_97(digits: str) -> bool:
    return len(digits) > 2 and int(digits) % 97 == 1


def _numeric(value: str) -> bool:
    end = value[-1:]
    return (
        len(value) <= _LONGEST
        and end.isalnum()
        and end.isascii()
        and _FIGURE.search(value) is not None
    )


def _next(char: str) -> str:
    """Another digit for a digit, another letter for a letter."""
    if char in _DIGITS:
        return str((int(char) + 1) % 10)
    return "A" if char in "Zz" else chr(ord(char) + 1)


def _agrees(detector: Detector, sample: Sequence[str]) -> bool:
    if not _confirms(detector, sample[0]) and not _confirms(detector, sample[1]):
        return False
    changed = [value[:-1] + _next(value[-1]) for value in sample]
    return sum(_confirms(detector, value) for value in sample) >= _AGREE * len(sample) and sum(
        _confirms(detector, value) for value in changed
    ) <= _BY_CHANCE * len(sample)


def _confirms(detector: Detector, value: str) -> bool:
    return (
        any(
            _compiled(pattern.regex, detector.flags).fullmatch(value)
            for pattern in detector.patterns
        )
        and detector.verify(value) is Verdict.CONFIRMED
    )


@lru_cache(maxsize=1024)
def _compiled(pattern: str, flags: int) -> Any:
    return regex.compile(pattern, flags)
