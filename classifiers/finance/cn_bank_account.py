"""Bank account and card numbers of mainland China that are not payment cards in form.

Company and passbook accounts of 12 to 21 digits, without check.

>>> verify("3100 6612 3456 7890 12")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="finance.cn_bank_account",
    category="spi_financial_account",
    entity="BANK_ACCOUNT",
    patterns=(
        Pattern("digits", numeric(rf"[0-9]{{4}}(?:{GAP}[0-9]{{4}}){{2,3}}{GAP}[0-9]{{1,5}}"), 0.1),
    ),
    verify=verify,
    context=(
        "账号",
        "帐号",
        "账户",
        "帐户",
        "银行卡",
        "卡号",
        "开户",
        "收款",
        "bank account",
        "account no",
        "a/c",
    ),
    fields=("bank_account",),
)
