"""Health insurance of Japan (健康保険).

Insurer number of eight (or six) digits, its last a check; symbol and number free.

>>> verify("06139992")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("138057")
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
    name="jp.health_insurance",
    category="pi_gov_id",
    entity="JP_HEALTH_INSURANCE",
    patterns=(Pattern("insurer", numeric("(?:[0-9]{8}|[0-9]{6})"), 0.05),),
    verify=verify,
    context=(
        "保険者番号",
        "被保険者",
        "健康保険",
        "保険証",
        "health insurance",
        "insurance card",
        "insured number",
        "年金番号",
        "基礎年金番号",
    ),
    fields=("gov_id",),
)
