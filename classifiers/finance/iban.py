"""International bank account number.

ISO 13616; country, two check digits, up to thirty characters; ISO 7064 MOD 97-10, and the
country's own length.

>>> verify("GR16 0110 1050 0000 1054 7023 795")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("GB82 WEST 1234 5698 7654 33")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum import iban

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word

_DIGITS: Final = str.maketrans({chr(letter): str(letter - 55) for letter in range(65, 91)})


def verify(text: str) -> Verdict:
    """Whether the check digits hold. They are tried first: one in 97 numbers goes further."""
    plain = compact(text)
    number = int((plain[4:] + plain[:4]).translate(_DIGITS))
    return checked(number % 97 == 1 and iban.is_valid(plain))


DETECTOR: Final = Detector(
    name="finance.iban",
    category="spi_financial_account",
    entity="IBAN_CODE",
    patterns=(
        Pattern("IBAN", word("[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?"), 0.5),
    ),
    verify=verify,
    strong=True,
    context=(
        "iban",
        "bank account",
        "account number",
        "银行账号",
        "compte",
        "konto",
    ),
    fields=("bank_account",),
)
