"""Register number REGON of Poland: nine or fourteen digits, weighted check.

>>> verify("192598184")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.pl import regon

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(regon.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="pl.regon",
    category="biz_trade_doc",
    entity="PL_REGON",
    patterns=(Pattern("9 or 14 digits", numeric("[0-9]{9}(?:[0-9]{5})?"), 0.05),),
    verify=verify,
    context=(
        "regon",
        "numer regon",
        "nr regon",
    ),
)
