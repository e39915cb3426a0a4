"""Personal public service number of Ireland: seven digits, a check letter, perhaps another.

>>> verify("6433435F")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.ie import pps

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(pps.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ie.pps",
    category="pi_gov_id",
    entity="IE_PPS",
    patterns=(Pattern("8 or 9 characters", word("[0-9]{7}[A-W][A-IWTX]?"), 0.3),),
    verify=verify,
    context=(
        "pps",
        "ppsn",
        "pps number",
        "personal public service",
        "pps no",
    ),
    fields=("gov_id",),
)
