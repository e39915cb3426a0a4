"""Emirates ID: 784, birth year, seven digits, a Luhn check digit.

>>> verify("784-1980-1234567-9")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("784-1980-1234567-0")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import birth
from classifiers.checksums import luhn
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the Luhn check holds."""
    return checked(luhn(compact(text)))


DETECTOR: Final = Detector(
    name="ae.emirates_id",
    category="pi_gov_id",
    entity="AE_EMIRATES_ID",
    patterns=(
        Pattern(
            "15 digits", numeric(rf"784{GAP}(?:19|20)[0-9]{{2}}{GAP}[0-9]{{7}}{GAP}[0-9]"), 0.6
        ),
    ),
    verify=verify,
    born=birth("YYYY", 3),
    strong=True,
    context=(
        "emirates id",
        "eid",
        "الهوية",
        "رقم الهوية",
        "identity",
    ),
    fields=("gov_id",),
)
