"""Business registration number of Korea.

사업자등록번호; 3-2-5 digits, weighted check modulo 10. Trade data.

>>> verify("116-82-00276")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.kr import brn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(brn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="kr.brn",
    category="biz_trade_doc",
    entity="KR_BRN",
    patterns=(Pattern("10 digits", numeric(groups(3, 2, 5)), 0.1),),
    verify=verify,
    context=(
        "사업자등록번호",
        "사업자번호",
        "business registration",
        "brn",
        "business number",
    ),
)
