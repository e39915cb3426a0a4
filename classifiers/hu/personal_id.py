"""Personal identifier of Hungary: sex and century, birth date, serial, weighted check.

>>> verify("1-850101-0009")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import birth
from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    number = compact(text)
    falling = weighted(number[:10], range(10, 0, -1)) % 11  # born before 1997
    rising = weighted(number[:10], range(1, 11)) % 11
    return checked(int(number[10]) in (falling, rising))


DETECTOR: Final = Detector(
    name="hu.personal_id",
    category="pi_gov_id",
    entity="HU_PERSONAL_ID",
    patterns=(
        Pattern("dashed", numeric("[1-8][ -][0-9]{2}[01][0-9][0-3][0-9][ -][0-9]{4}"), 0.5),
        Pattern("joined", numeric("[1-8][0-9]{2}[01][0-9][0-3][0-9]{5}"), 0.1),
    ),
    verify=verify,
    born=birth("YYMMDD", 1, century=(0, {"1": 1900, "2": 1900, "3": 2000, "4": 2000})),
    strong=True,
    context=(
        "személyi szám",
        "személyi azonosító",
        "személyi",
        "szemelyi",
        "hungarian personal",
        "hungarian id",
    ),
    fields=("gov_id",),
)
