"""National identity card of Tunisia (CIN): eight digits beginning with 0 or 1. No check.

>>> verify("01234567")
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
    name="tn.cin",
    category="pi_gov_id",
    entity="TN_CIN",
    patterns=(Pattern("8 digits", numeric("[01][0-9]{7}"), 0.1),),
    verify=verify,
    context=(
        "cin",
        "carte d'identité",
        "بطاقة التعريف",
        "بطاقة التعريف الوطنية",
        "رقم بطاقة",
        "n° cin",
        "tunisian cin",
        "tunisian id",
        "tunisian national id",
    ),
    fields=("gov_id",),
)
