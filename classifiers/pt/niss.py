"""Social security number of Portugal (NISS): eleven digits, prime weights, check modulo 10.

>>> verify("12345678901")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("11234567892")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric

_WEIGHTS: Final = (29, 23, 19, 17, 13, 11, 7, 5, 3, 2)


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    number = compact(text)
    return checked(9 - weighted(number[:10], _WEIGHTS) % 10 == int(number[10]))


DETECTOR: Final = Detector(
    name="pt.niss",
    category="pi_gov_id",
    entity="PT_NISS",
    patterns=(Pattern("11 digits", numeric("[12][0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}"), 0.1),),
    verify=verify,
    context=(
        "niss",
        "segurança social",
        "seguranca social",
        "identificação da segurança",
        "portuguese social security",
    ),
    fields=("gov_id",),
)
