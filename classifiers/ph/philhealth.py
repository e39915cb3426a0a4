"""PhilHealth membership of the Philippines: 2-9-1 digits. No check.

>>> verify("12-345678901-2")
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
    name="ph.philhealth",
    category="spi_health",
    entity="PH_PHILHEALTH",
    patterns=(Pattern("grouped", numeric(groups(2, 9, 1)), 0.1),),
    verify=verify,
    context=(
        "philhealth",
        "pin philhealth",
        "philhealth no",
        "philhealth id",
        "health insurance",
    ),
    fields=(
        "gov_id",
        "health",
    ),
)
