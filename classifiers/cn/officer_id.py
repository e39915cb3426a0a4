"""Certificates of officers and soldiers of mainland China: 字第, seven or eight digits, 号.

>>> verify("军字第2001988号")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("政字第04590218号")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="cn.officer_id",
    category="pi_gov_id",
    entity="CN_OFFICER_ID",
    patterns=(
        Pattern(
            "certificate",
            (r"[军兵士文职政武警南北沈兰成济广参后装海空]{1,2}字?第?[0-9]{6,8}号?"),
            0.4,
        ),
    ),
    verify=verify,
    context=(
        "军官证",
        "士兵证",
        "军人证",
        "警官证",
        "文职证",
        "officer",
    ),
    fields=("gov_id",),
)
