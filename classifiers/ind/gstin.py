"""Goods and services tax number of India: state, PAN, entity, Z, check character. Trade data.

>>> verify("27AAPFU0939F1ZV")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.in_ import gstin

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(gstin.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ind.gstin",
    category="biz_trade_doc",
    entity="IN_GSTIN",
    patterns=(
        Pattern("15 characters", word("[0-3][0-9][A-Z]{5}[0-9]{4}[A-Z][0-9A-Z]Z[0-9A-Z]"), 0.6),
    ),
    verify=verify,
    strong=True,
    context=(
        "gstin",
        "gst",
        "gst no",
    ),
)
