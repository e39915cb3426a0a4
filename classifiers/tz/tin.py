"""Taxpayer number of Tanzania: nine digits, 3-3-3. No check.

>>> verify("123-456-789")
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
    name="tz.tin",
    category="pi_gov_id",
    entity="TZ_TIN",
    patterns=(Pattern("9 digits", numeric(groups(3, 3, 3)), 0.1),),
    verify=verify,
    context=(
        "tin",
        "tra",
        "taxpayer",
        "tax identification",
        "tax id",
        "tax number",
        "namba ya mlipa kodi",
        "tanzanian tin",
        "tanzania tin",
    ),
    fields=("gov_id",),
)
