"""Tax identification of persons in Hungary.

Adóazonosító jel; 8, nine digits, weights 1 to 9, modulo 11.

>>> verify("8071592153")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, numeric


def verify(text: str) -> Verdict:
    """Whether the check digit holds."""
    return checked(weighted(text[:9], range(1, 10)) % 11 == int(text[9]))


DETECTOR: Final = Detector(
    name="hu.tax_id",
    category="pi_gov_id",
    entity="HU_TAX_ID",
    patterns=(Pattern("10 digits", numeric("8[0-9]{9}"), 0.1),),
    verify=verify,
    context=(
        "adóazonosító",
        "adóazonosító jel",
        "adószám",
        "tax id",
    ),
    fields=("gov_id",),
)
