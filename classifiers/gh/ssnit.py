"""Social security number of Ghana (SSNIT): letter, birth date and serial, 13 characters.

>>> verify("C018501280012")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """There is no published check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="gh.ssnit",
    category="pi_gov_id",
    entity="GH_SSNIT",
    patterns=(Pattern("13 characters", word("[A-Z][0-9]{10,12}"), 0.2),),
    verify=verify,
    born=birth("YYMMDD", 3),
    context=(
        "ssnit",
        "social security",
    ),
    fields=("gov_id",),
)
