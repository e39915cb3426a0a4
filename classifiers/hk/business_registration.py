"""Business registration number of Hong Kong: eight digits, no published check.

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
    name="hk.business_registration",
    category="biz_trade_doc",
    entity="HK_BUSINESS_REGISTRATION",
    patterns=(
        Pattern("8 digits", numeric("[0-9]{8}(?:-[0-9]{3}-[0-9]{2}-[0-9]{2}-[0-9])?"), 0.05),
    ),
    verify=verify,
    context=(
        "商業登記",
        "商业登记",
        "business registration",
        "br no",
        "br number",
        "brn",
        "公司註冊編號",
    ),
)
