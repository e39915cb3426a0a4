"""Unified social credit code of mainland China (GB 32100-2015), of organisations.

Eighteen characters, no I, O, S, V, Z; the last is a MOD 31 check. Sole proprietors have one too,
but it names a business, so it is trade data.

>>> verify("91110000600037341L")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("91110000600037341K")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum.cn import uscc

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check character holds; eighteen plain digits may be any number."""
    return checked(not text.isdigit() and uscc.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="cn.uscc",
    category="biz_trade_doc",
    entity="CN_USCC",
    patterns=(
        Pattern(
            "18 characters", word("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"), 0.4
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "统一社会信用代码",
        "信用代码",
        "税号",
        "纳税人识别号",
        "uscc",
        "credit code",
        "tyshxydm",
    ),
)
