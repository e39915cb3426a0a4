"""Passport of Korea.

M, S, R, O, D, G and eight digits, or the 2021 form with a letter in fifth place. No check.

>>> verify("M12345678")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("M123A4567")
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
    name="kr.passport",
    category="pi_gov_id",
    entity="KR_PASSPORT",
    patterns=(Pattern("passport", word("[MSRODG](?:[0-9]{8}|[0-9]{3}[A-Z][0-9]{4})"), 0.2),),
    verify=verify,
    context=(
        "여권",
        "여권번호",
        "passport",
    ),
    fields=("gov_id",),
)
