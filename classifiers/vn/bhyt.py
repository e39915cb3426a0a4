"""Health insurance card of Viet Nam.

BHYT; two letters, a benefit digit, two of province, ten digits. No check.

>>> verify("DN4010123456789")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, word


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="vn.bhyt",
    category="spi_health",
    entity="VN_BHYT",
    patterns=(
        Pattern(
            "15 characters",
            word(
                rf"[A-Z]{{2}}{GAP}[1-5]{GAP}[0-9]{{2}}{GAP}[0-9]{{2,3}}{GAP}[0-9]{{3}}{GAP}["
                rf"0-9]{{4,5}}"
            ),
            0.4,
        ),
    ),
    verify=verify,
    context=(
        "bhyt",
        "bảo hiểm y tế",
        "thẻ bảo hiểm",
        "bao hiem y te",
        "health insurance",
        "bhxh",
        "bảo hiểm xã hội",
    ),
    fields=(
        "gov_id",
        "health",
    ),
)
