"""Fayda identity of Ethiopia.

Number of twelve digits (FIN), card of sixteen (FCN). No published check.

>>> verify("1234 5678 9012")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("1234567890123456")
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
    name="et.fayda",
    category="pi_gov_id",
    entity="ET_FAYDA",
    patterns=(
        Pattern("FCN", numeric(groups(4, 4, 4, 4)), 0.1),
        Pattern("FIN", numeric(groups(4, 4, 4)), 0.05),
    ),
    verify=verify,
    context=(
        "fayda",
        "fin",
        "fcn",
        "ፋይዳ",
        "መታወቂያ",
        "ethiopian id",
        "ethiopian national id",
    ),
    fields=("gov_id",),
)
