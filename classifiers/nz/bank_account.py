"""Bank account of New Zealand: bank 2, branch 4, account 7, suffix 2 or 3; checks by bank.

>>> verify("01-0242-0100194-00")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.nz import bankaccount

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import compact, numeric


def verify(text: str) -> Verdict:
    """Whether the account's check holds; only the written groups are rare enough to confirm."""
    if not bankaccount.is_valid(compact(text)):
        return Verdict.UNKNOWN
    return Verdict.CONFIRMED if not text.isdigit() else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="nz.bank_account",
    category="spi_financial_account",
    entity="NZ_BANK_ACCOUNT",
    patterns=(
        Pattern("grouped", numeric("[0-9]{2}[ -][0-9]{4}[ -][0-9]{7}[ -][0-9]{2,3}"), 0.5),
        Pattern("joined", numeric("[0-9]{15,16}"), 0.05),
    ),
    verify=verify,
    strong=True,
    context=(
        "bank account",
        "account number",
        "account no",
        "acct",
    ),
    fields=("bank_account",),
)
