"""Bank account of Morocco (RIB): bank, town, account and key, 24 digits, check modulo 97.

>>> verify("007780000202500000034553")
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
    return checked(97 - int(number[:22] + "00") % 97 == int(number[22:]))


DETECTOR: Final = Detector(
    name="ma.rib",
    category="spi_financial_account",
    entity="MA_RIB",
    patterns=(Pattern("24 digits", numeric(groups(3, 3, 16, 2)), 0.2),),
    verify=verify,
    context=(
        "rib",
        "compte bancaire",
        "relevé d'identité",
        "identité bancaire",
        "الحساب البنكي",
        "رقم الحساب",
    ),
    fields=("bank_account",),
)
