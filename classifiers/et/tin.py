"""Taxpayer number of Ethiopia: ten digits beginning with 00. No published check.

>>> verify("0012345678")
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
    name="et.tin",
    category="pi_gov_id",
    entity="ET_TIN",
    patterns=(Pattern("10 digits", numeric("00[0-9]{8}"), 0.1),),
    verify=verify,
    context=(
        "tin",
        "taxpayer",
        "tax identification",
        "የግብር ከፋይ",
        "tax id",
        "tax number",
    ),
    fields=("gov_id",),
)
