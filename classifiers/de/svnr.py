"""Pension insurance number of Germany (VKVV § 4): area, birth date, letter, serial, check.

The letter counts as its place in the alphabet; weights
2 1 2 5 7 1 2 1 2 1 2 1, cross sums, modulo 10.

>>> verify("65 170839 J 003"), verify("65 170839 J 008")
(<Verdict.CONFIRMED: 'confirmed'>, <Verdict.UNKNOWN: 'unknown'>)
>>> verify("15 070649 C 103")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word

_WEIGHTS: Final = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    number = compact(text)
    spelled = f"{number[:8]}{ord(number[8]) - ord('A') + 1:02d}{number[9:11]}"
    products = ((ord(char) - 48) * weight for char, weight in zip(spelled, _WEIGHTS, strict=True))
    return checked(
        sum(divmod(product, 10)[0] + product % 10 for product in products) % 10 == int(number[11])
    )


DETECTOR: Final = Detector(
    name="de.svnr",
    category="pi_gov_id",
    entity="DE_SOCIAL_SECURITY",
    patterns=(
        Pattern(
            "12 characters",
            word("[0-9]{2} ?[0-3][0-9][01][0-9][0-9]{2} ?[A-Z] ?[0-9]{2} ?[0-9]"),
            0.5,
        ),
    ),
    verify=verify,
    born=birth("DDMMYY", 2),
    strong=True,
    context=(
        "sozialversicherungsnummer",
        "rentenversicherungsnummer",
        "sv-nummer",
        "rvnr",
        "versicherungsnummer",
        "sozialversicherungs",
        "german social security",
        "rentenversicherung",
    ),
    fields=("gov_id",),
)
