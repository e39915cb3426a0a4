"""Residence card of foreigners in Japan (在留カード).

Two letters, eight digits, two letters. No check.

>>> verify("AB12345678CD")
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
    name="jp.residence_card",
    category="pi_gov_id",
    entity="JP_RESIDENCE_CARD",
    patterns=(Pattern("card", word("[A-Z]{2}[0-9]{8}[A-Z]{2}"), 0.4),),
    verify=verify,
    context=(
        "在留カード",
        "在留番号",
        "residence card",
        "zairyu",
        "特別永住者",
    ),
    fields=("gov_id",),
)
