"""Taxpayer number of Uganda: ten digits beginning with 10. No published check.

>>> verify("1000123456")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="ug.tin",
    category="pi_gov_id",
    entity="UG_TIN",
    patterns=(Pattern("10 digits", numeric("10[0-9]{8}"), 0.1),),
    verify=verify,
    context=(
        "tin",
        "ura",
        "taxpayer",
        "tax identification",
        "tax id",
        "tax number",
    ),
    fields=("gov_id",),
)
