"""National Health Index of New Zealand.

HISO 10046; three letters without I and O, then four digits (the last a check modulo 11), or since
2022 two digits and two letters (the last a check modulo 24; its published sum is not applied
here, so the new form is not confirmed).

>>> verify("ZAC5361")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("ZVB97ZQ")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def verify(text: str) -> Verdict:
    """Whether the old form's check digit holds."""
    number = compact(text)
    if number[-1].isalpha():
        return Verdict.UNKNOWN
    values = [_LETTERS.index(char) + 1 for char in number[:3]] + [int(char) for char in number[3:6]]
    total = sum(value * weight for value, weight in zip(values, range(7, 1, -1), strict=True))
    return checked(total % 11 != 0 and (11 - total % 11) % 10 == int(number[6]))


DETECTOR: Final = Detector(
    name="nz.nhi",
    category="spi_health",
    entity="NZ_NHI",
    patterns=(
        Pattern("old and new", word("[A-HJ-NP-Z]{3}[0-9]{2}(?:[0-9]{2}|[A-HJ-NP-Z]{2})"), 0.2),
    ),
    verify=verify,
    context=(
        "nhi",
        "nhi number",
        "nhi no",
        "national health index",
        "health index",
    ),
    fields=(
        "gov_id",
        "health",
    ),
)
