"""Payment card number (ISO/IEC 7812-1): issuer range and Luhn check, 12 to 19 digits.

UnionPay issues up to 19 digits from 62, which most published patterns cut at 16 or 17. A number
outside the issuer ranges below is not claimed: one in ten random numbers passes Luhn.

>>> verify("6222 0212 3456 7890 128")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("4111-1111-1111-1111")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("4111111111111112")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("4006381333931")  # a trade item's number (GTIN-13)
<Verdict.UNKNOWN: 'unknown'>
>>> verify("9111111111111111")
<Verdict.REFUTED: 'refuted'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import gtin, luhn
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict

_SEPARATORS: Final = str.maketrans("", "", " ./_-")
_G: Final = "[ ./_-]?"
_FIRST: Final = "(?:[3456][0-9]{3}|2[2-7][0-9]{2}|81[0-9]{2}|9558|9792)"
# First digits -> lengths, scheme by scheme (issuer ranges as published by the schemes; B).
_RANGES: Final[tuple[tuple[str, str, frozenset[int]], ...]] = (
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),
    ("300", "305", frozenset({14})),  # Diners Club
    ("36", "36", frozenset({14, 16, 19})),
    ("38", "39", frozenset({14, 16, 19})),
    ("3528", "3589", frozenset({16, 17, 18, 19})),  # JCB
    ("4", "4", frozenset({13, 16, 18, 19})),  # Visa
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),
    ("50", "50", frozenset(range(12, 20))),  # Maestro
    ("56", "59", frozenset(range(12, 20))),
    ("60", "60", frozenset({16, 17, 18, 19})),  # Discover, RuPay, old UnionPay
    ("62", "62", frozenset({16, 17, 18, 19})),  # UnionPay
    ("63", "63", frozenset(range(12, 20))),
    ("64", "65", frozenset({16, 17, 18, 19})),
    ("67", "67", frozenset(range(12, 20))),
    ("68", "69", frozenset({16, 17, 18, 19})),
    ("81", "81", frozenset({16, 17, 18, 19})),
    ("9558", "9558", frozenset({19})),  # ICBC, before 62
    ("9792", "9792", frozenset({16})),  # Troy
    ("2200", "2204", frozenset({16, 17, 18, 19})),  # Mir
)


_BY_FIRST_DIGIT: Final = {  # no range goes over two first digits
    digit: tuple(each for each in _RANGES if each[0][0] == digit) for digit in "0123456789"
}
# Lengths of trade items, pallets and their packaging (GTIN, SSCC): one in ten passes Luhn, too.
_TRADE_ITEMS: Final = frozenset({12, 13, 14, 18})


def _issued(number: str) -> bool:
    return any(
        low <= number[: len(low)] <= high and len(number) in lengths
        for low, high, lengths in _BY_FIRST_DIGIT.get(number[:1], ())
    )


def verify(text: str) -> Verdict:
    """Issuer range and Luhn confirm; a number of no issuer is refuted."""
    number = text.translate(_SEPARATORS)
    if not _issued(number):
        return Verdict.REFUTED
    if len(number) in _TRADE_ITEMS and gtin(number):
        return Verdict.UNKNOWN
    return Verdict.CONFIRMED if luhn(number) else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="finance.payment_card",
    category="spi_financial_account",
    entity="CREDIT_CARD",
    patterns=(
        Pattern(
            "grouped",
            rf"(?<![0-9]){_FIRST}{_G}[0-9]{{4}}{_G}[0-9]{{4}}{_G}[0-9]{{1,4}}(?:{_G}[0-9]{{1,3}})?(?![0-9])",
            0.3,
        ),
        Pattern("12 digits", r"(?<![0-9])[56][0-9]{11}(?![0-9])", 0.1),
        Pattern("4-6-5", rf"(?<![0-9])3[47][0-9]{{2}}{_G}[0-9]{{6}}{_G}[0-9]{{5}}(?![0-9])", 0.3),
    ),
    verify=verify,
    strong=True,
    context=(
        "银行卡",
        "銀行卡",
        "卡号",
        "卡號",
        "信用卡",
        "储蓄卡",
        "借记卡",
        "银联",
        "card",
        "credit",
        "debit",
        "visa",
        "mastercard",
        "unionpay",
        "yhk",
    ),
    fields=("bank_account", "bank_card"),
)
