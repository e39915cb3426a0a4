"""Social security card of mainland China.

A letter or digit and eight more (the number printed on the card).

No check. Since 2011 the card's number is usually the resident ID.

>>> verify("A12345678")
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
    name="cn.social_card",
    category="pi_gov_id",
    entity="CN_SOCIAL_CARD",
    patterns=(Pattern("card", word("[A-Z0-9][0-9]{7}[0-9X]"), 0.05),),
    verify=verify,
    context=(
        "社保卡",
        "社保号",
        "社会保障号",
        "社会保障卡",
        "医保卡",
        "医保号",
        "公积金账号",
        "social security card",
        "sbkh",
        "ybkh",
    ),
)
