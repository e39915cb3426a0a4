"""Bank account of Nigeria (NUBAN).

Ten digits; the last checks them together with the bank's code, so it cannot be checked alone.

>>> verify("0123456789")
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
    name="ng.nuban",
    category="spi_financial_account",
    entity="NG_NUBAN",
    patterns=(Pattern("10 digits", numeric("[0-9]{10}"), 0.05),),
    verify=verify,
    context=(
        "nuban",
        "account number",
        "account no",
        "bank account",
        "acct",
    ),
    fields=("bank_account",),
)
