"""National identification number of Uganda.

C, M or F, year of birth, ten letters and digits. No published check.

>>> verify("CM90012345ABCD")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="ug.nin",
    category="pi_gov_id",
    entity="UG_NIN",
    patterns=(Pattern("14 characters", word("[CA][MF][0-9]{2}[0-9A-Z]{10}"), 0.5),),
    verify=verify,
    born=birth("YY", 2),
    context=(
        "nin",
        "national id",
        "nira",
        "ndaga muntu",
        "id number",
        "national identification",
    ),
    fields=("gov_id",),
)
