"""Employer identification number of the United States: a campus prefix, seven digits. Trade data.

>>> verify("91-1144442")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.us import ein

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(ein.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="us.ein",
    category="biz_trade_doc",
    entity="US_EIN",
    patterns=(Pattern("9 digits", numeric(r"[0-9]{2}-?[0-9]{7}"), 0.1),),
    verify=verify,
    context=(
        "ein",
        "employer identification",
        "federal tax id",
        "fein",
    ),
)
