"""Corporate registration number of Korea: six and seven digits, weights 1 and 2, modulo 10.

>>> verify("110111-0000000")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    number = compact(text)
    total = sum((ord(char) - 48) * (1 + place % 2) for place, char in enumerate(number[:12]))
    return checked((10 - total % 10) % 10 == int(number[12]))


DETECTOR: Final = Detector(
    name="kr.corporate_number",
    category="biz_trade_doc",
    entity="KR_CORPORATE_NUMBER",
    patterns=(Pattern("13 digits", numeric("[0-9]{6}-?[0-9]{7}"), 0.1),),
    verify=verify,
    context=(
        "법인등록번호",
        "법인번호",
        "corporate registration",
        "corporation registration",
    ),
)
