"""Bank identifier code (ISO 9362, SWIFT).

Eight or eleven characters. It names a bank, not a person.

>>> verify("ABNABEBB")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum import bic

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(bic.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="finance.swift_bic",
    category="biz_trade_doc",
    entity="SWIFT_BIC",
    patterns=(Pattern("BIC", word("[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"), 0.1),),
    verify=verify,
    context=(
        "swift",
        "bic",
        "swift code",
        "银行代码",
    ),
)
