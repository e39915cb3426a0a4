"""Routing number of a bank in the United States: nine digits, weights 3, 7, 1.

>>> verify("111000025")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.us import rtn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(rtn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="us.aba_routing",
    category="biz_trade_doc",
    entity="US_ROUTING_NUMBER",
    patterns=(Pattern("9 digits", numeric("[0-9]{9}"), 0.05),),
    verify=verify,
    context=(
        "routing number",
        "routing no",
        "aba",
        "aba number",
        "aba routing",
        "bank routing",
        "rtn",
    ),
)
