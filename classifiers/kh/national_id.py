"""National identity card of Cambodia.

Nine digits (ten on new cards), sometimes with a bracketed digit. No check.

>>> verify("012345678")
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
    name="kh.national_id",
    category="pi_gov_id",
    entity="KH_NATIONAL_ID",
    patterns=(Pattern("card", numeric(r"[0-9]{9}(?:[0-9]|\([0-9]{1,2}\))?"), 0.05),),
    verify=verify,
    context=(
        "អត្តសញ្ញាណ",
        "អត្តសញ្ញាណប័ណ្ណ",
        "លេខអត្តសញ្ញាណ",
        "khmer identity",
        "khmer id",
        "cambodian id",
        "cambodian national id",
        "cambodia id",
        "cambodia national id",
    ),
    fields=("gov_id",),
)
