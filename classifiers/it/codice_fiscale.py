"""Codice fiscale of Italy: sixteen characters of name, birth and place, the last a check.

>>> verify("RCCMNL83S18D969H")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from datetime import date
from typing import Final

from stdnum.it import codicefiscale

from classifiers.births import written
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(codicefiscale.is_valid(compact(text)))


def born(text: str) -> date | None:
    """Two digits of the year, a letter for the month, the day (plus 40 for women)."""
    number = compact(text)
    year, month, day = number[6:8], "ABCDEHLMPRST".find(number[8:9]) + 1, number[9:11]
    if not (year.isdecimal() and day.isdecimal() and month):
        return None  # letters stand in for digits where two numbers would be the same
    return written(2000 + int(year), month, int(day) % 40)


DETECTOR: Final = Detector(
    name="it.codice_fiscale",
    category="pi_gov_id",
    entity="IT_CODICE_FISCALE",
    patterns=(
        Pattern(
            "16 characters",
            word("[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]"),
            0.6,
        ),
    ),
    verify=verify,
    born=born,
    strong=True,
    context=(
        "codice fiscale",
        "cod. fisc",
        "cod fiscale",
        "c.f.",
        "fiscal code",
        "cf",
    ),
    fields=("gov_id",),
)
