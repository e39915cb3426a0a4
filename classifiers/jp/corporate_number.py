"""Corporate number of Japan (法人番号): a check digit modulo 9, then twelve digits. Trade data.

>>> verify("5-8356-7825-6246")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.jp import cn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(cn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="jp.corporate_number",
    category="biz_trade_doc",
    entity="JP_CORPORATE_NUMBER",
    patterns=(
        Pattern("13 digits", numeric(rf"[0-9]{GAP}[0-9]{{4}}{GAP}[0-9]{{4}}{GAP}[0-9]{{4}}"), 0.1),
    ),
    verify=verify,
    context=(
        "法人番号",
        "法人番號",
        "corporate number",
        "hojin bango",
        "houjin bangou",
        "company number",
    ),
)
