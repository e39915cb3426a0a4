"""PESEL of Poland: birth date with the century in the month, four, a weighted check modulo 10.

>>> verify("44051401359")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.pl import pesel

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(pesel.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="pl.pesel",
    category="pi_gov_id",
    entity="PL_PESEL",
    patterns=(Pattern("11 digits", numeric("[0-9]{2}[0-9]{2}[0-3][0-9]{6}"), 0.1),),
    verify=verify,
    born=birth("YYMMDD", months={0: 1900, 20: 2000, 40: 2100, 60: 2200, 80: 1800}),
    context=(
        "pesel",
        "numer pesel",
        "nr pesel",
    ),
    fields=("gov_id",),
)
