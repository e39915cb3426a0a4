"""Bank verification number of Nigeria: 22 and nine digits. No check.

>>> verify("22123456789")
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
    name="ng.bvn",
    category="spi_financial_account",
    entity="NG_BVN",
    patterns=(Pattern("11 digits", numeric("22[0-9]{9}"), 0.2),),
    verify=verify,
    context=(
        "bvn",
        "bank verification",
        "bank verification number",
    ),
    fields=(
        "gov_id",
        "bank_account",
    ),
)
