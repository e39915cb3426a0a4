"""Bank account of Algeria (RIB, RIP): bank, branch, account and key, 20 digits, modulo 97.

>>> verify("00799999000000000000")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    number = compact(text)
    return checked(97 - int(number[:18] + "00") % 97 == int(number[18:]))


DETECTOR: Final = Detector(
    name="dz.rib",
    category="spi_financial_account",
    entity="DZ_RIB",
    patterns=(Pattern("20 digits", numeric(groups(3, 5, 10, 2)), 0.1),),
    verify=verify,
    context=(
        "rib",
        "rip",
        "compte bancaire",
        "ccp",
        "compte postal",
        "الحساب البنكي",
        "رقم الحساب",
    ),
    fields=("bank_account",),
)
