"""Identity card of Poland: three letters, check digit, five digits; weights 7 3 1 9 7 3 1 7 3.

>>> verify("ABA300000")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("ABA300001")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word

_WEIGHTS: Final = (7, 3, 1, 9, 7, 3, 1, 7, 3)


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    values = [int(char, 36) for char in compact(text)]
    return checked(sum(v * w for v, w in zip(values, _WEIGHTS, strict=True)) % 10 == 0)


DETECTOR: Final = Detector(
    name="pl.dowod",
    category="pi_gov_id",
    entity="PL_ID_CARD",
    patterns=(Pattern("9 characters", word("[A-Z]{3} ?[0-9]{6}"), 0.2),),
    verify=verify,
    context=(
        "dowód osobisty",
        "dowodu osobistego",
        "dowód",
        "dowodu",
        "nr dowodu",
        "polish id",
        "seria i numer",
    ),
    fields=("gov_id",),
)
