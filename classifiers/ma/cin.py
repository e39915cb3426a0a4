"""National identity card of Morocco.

CIN, CNIE; one or two letters of place and four to six digits. No check.

>>> verify("AB123456")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("K12345")
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
    name="ma.cin",
    category="pi_gov_id",
    entity="MA_CIN",
    patterns=(Pattern("card", word("[A-Z]{1,2}[0-9]{4,7}"), 0.1),),
    verify=verify,
    context=(
        "cin",
        "cnie",
        "carte nationale",
        "carte d'identité",
        "البطاقة الوطنية",
        "رقم البطاقة",
        "بطاقة التعريف",
        "n° cin",
        "moroccan cin",
        "moroccan id",
        "moroccan national id",
    ),
    fields=("gov_id",),
)
