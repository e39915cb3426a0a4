"""Driving licence of Korea (운전면허).

Region 11-28, year, six digits, two check digits. The check is not published.

>>> verify("11-16-123456-78")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="kr.driving_licence",
    category="pi_gov_id",
    entity="KR_DRIVING_LICENCE",
    patterns=(
        Pattern(
            "12 digits",
            numeric(rf"(?:1[1-9]|2[0-8]){GAP}[0-9]{{2}}{GAP}[0-9]{{6}}{GAP}[0-9]{{2}}"),
            0.2,
        ),
    ),
    verify=verify,
    context=(
        "운전면허",
        "면허번호",
        "운전면허번호",
        "driver's license",
        "drivers license",
        "driver license",
        "driving licence",
        "license no",
        "licence no",
    ),
    fields=("gov_id",),
)
