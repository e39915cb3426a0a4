"""Driving licence of Japan (運転免許証): twelve digits; the eleventh checks the first ten.

Weights 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 modulo 11; a remainder of 10 or 11 is written 0 or 1. The
last digit counts re-issues.

>>> verify("123456789010")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the eleventh digit holds."""
    digits = compact(text)
    check = 11 - weighted(digits[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return checked(int(digits[10]) == check % 10)


DETECTOR: Final = Detector(
    name="jp.driving_licence",
    category="pi_gov_id",
    entity="JP_DRIVING_LICENCE",
    patterns=(Pattern("12 digits", numeric(groups(4, 4, 4)), 0.1),),
    verify=verify,
    context=(
        "運転免許",
        "免許証",
        "免許証番号",
        "driver's license",
        "drivers license",
        "driving licence",
        "driver license",
        "licence no",
        "license no",
        "menkyo",
    ),
    fields=("gov_id",),
)
