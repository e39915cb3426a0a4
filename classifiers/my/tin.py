"""Tax number of Malaysia.

IG (or the older SG, OG) and nine to eleven digits; companies C and others. No check.

>>> verify("IG12345678901")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="my.tin",
    category="pi_gov_id",
    entity="MY_TIN",
    patterns=(Pattern("person", word("(?:IG|SG|OG) ?[0-9]{8,11}"), 0.4),),
    verify=verify,
    context=(
        "tin",
        "no cukai",
        "cukai pendapatan",
        "income tax",
        "tax number",
        "tax id",
        "tax identification",
        "lhdn",
    ),
    fields=("gov_id",),
)
