"""Aadhaar of India: twelve digits beginning with 2 to 9, Verhoeff check, no palindromes.

>>> verify("234123412346")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.in_ import aadhaar

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(aadhaar.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ind.aadhaar",
    category="pi_gov_id",
    entity="IN_AADHAAR",
    patterns=(
        Pattern("12 digits", numeric(rf"[2-9][0-9]{{3}}{GAP}[0-9]{{4}}{GAP}[0-9]{{4}}"), 0.1),
    ),
    verify=verify,
    context=(
        "aadhaar",
        "aadhar",
        "uidai",
        "uid",
        "आधार",
    ),
    fields=("gov_id",),
)
