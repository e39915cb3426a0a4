"""Social Security System number of the Philippines: 2-7-1 digits. No check.

>>> verify("34-1234567-8")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import groups, numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="ph.sss",
    category="pi_gov_id",
    entity="PH_SSS",
    patterns=(Pattern("grouped", numeric(groups(2, 7, 1)), 0.1),),
    verify=verify,
    context=(
        "sss",
        "sss no",
        "sss number",
        "social security system",
        "social security",
        "gsis",
        "crn",
        "umid",
    ),
    fields=("gov_id",),
)
