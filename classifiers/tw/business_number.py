"""Unified business number of Taiwan (統一編號), eight digits, weighted sum modulo 5. Trade data.

>>> verify("00501503")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.tw import ubn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(ubn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="tw.business_number",
    category="biz_trade_doc",
    entity="TW_UBN",
    patterns=(Pattern("8 digits", numeric("[0-9]{8}"), 0.05),),
    verify=verify,
    context=(
        "統一編號",
        "統編",
        "公司統編",
        "ubn",
        "vat no",
        "gui number",
        "business number",
    ),
)
