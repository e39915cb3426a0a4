"""National identity card of Kenya: seven or eight digits; Maisha number nine. No check.

>>> verify("12345678")
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
    name="ke.national_id",
    category="pi_gov_id",
    entity="KE_NATIONAL_ID",
    patterns=(Pattern("card", numeric("[0-9]{7,9}"), 0.05),),
    verify=verify,
    context=(
        "kitambulisho",
        "kenya id",
        "huduma",
        "maisha",
        "nambari ya kitambulisho",
        "kenyan id",
        "kenya national id",
        "kenyan national id",
        "kenyan identity",
    ),
    fields=("gov_id",),
)
