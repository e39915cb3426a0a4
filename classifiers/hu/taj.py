"""Social security number of Hungary (TAJ): nine digits, weights 3 and 7 in turn, modulo 10.

>>> verify("123 456 788")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digit holds."""
    digits = compact(text)
    return checked(weighted(digits[:8], (3, 7) * 4) % 10 == int(digits[8]))


DETECTOR: Final = Detector(
    name="hu.taj",
    category="pi_gov_id",
    entity="HU_TAJ",
    patterns=(Pattern("9 digits", numeric(groups(3, 3, 3)), 0.05),),
    verify=verify,
    context=(
        "taj",
        "taj szám",
        "taj-szám",
        "társadalombiztosítási",
    ),
    fields=("gov_id",),
)
