"""Philippine Identification System.

Card number of sixteen digits (PCN) and number of twelve (PSN). The check is not published.

>>> verify("1234-5678-9012-3456")
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
    name="ph.philsys",
    category="pi_gov_id",
    entity="PH_PHILSYS",
    patterns=(
        Pattern("16 digits", numeric(groups(4, 4, 4, 4)), 0.1),
        Pattern("12 digits", numeric(groups(4, 4, 4)), 0.05),
    ),
    verify=verify,
    context=(
        "philsys",
        "philid",
        "pcn",
        "psn",
        "philippine identification",
        "phil id",
        "pambansang",
        "philippine national id",
        "philippine id",
        "philsys number",
    ),
    fields=("gov_id",),
)
