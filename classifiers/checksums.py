"""Check digits: digits in, truth out. Characters are ASCII; other input is the caller's error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_MOD_11_2: Final = "10X98765432"  # (1 - remainder) mod 11, ten written X


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 Annex B.

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = ord(char) - 48
        if position % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def gtin(digits: str) -> bool:
    """GS1 General Specifications 7.9: the check digit of trade items, of any length.

    >>> gtin("6901234567892"), gtin("6901234567893")
    (True, False)
    """
    total = sum((ord(char) - 48) * (3 if at % 2 else 1) for at, char in enumerate(reversed(digits)))
    return total % 10 == 0


def mod_11_2(digits: str) -> str:
    """The check character of ISO 7064 MOD 11-2 for `digits`.

    >>> mod_11_2("11010519491231002")
    'X'
    """
    remainder = 0
    for char in digits:
        remainder = (remainder + ord(char) - 48) * 2 % 11
    return _MOD_11_2[remainder]


def weighted(digits: str, weights: Sequence[int]) -> int:
    """The sum of digits times weights; the shorter of the two ends it.

    >>> weighted("123", (3, 2, 1))
    10
    """
    return sum((ord(char) - 48) * weight for char, weight in zip(digits, weights, strict=False))


def icao(text: str) -> str:
    """The check digit of ICAO 9303 part 3 §4.9 for digits, letters and fillers.

    >>> icao("D23145890734")
    '9'
    """
    values = (0 if char == "<" else int(char, 36) for char in text)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)
