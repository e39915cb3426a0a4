"""Bank account numbers of countries whose accounts have neither IBAN nor check.

7 to 16 digits, also in groups.

Japan 4+3+7, Korea 10 to 14, Australia BSB 6 and 6 to 9, Singapore 7 to 14, Hong Kong 3+3+6 to 9,
Thailand 10 to 12, Viet Nam 8 to 15 and so on: nothing but words tells them from other numbers.

>>> verify("0123-456-1234567")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("110-234-567890")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric

_FEWEST: Final = 6
_MOST: Final = 18


def verify(text: str) -> Verdict:
    """There is no check: enough digits say little, fewer or more are no account."""
    digits = sum(char.isdigit() for char in text)
    return Verdict.UNKNOWN if _FEWEST <= digits <= _MOST else Verdict.REFUTED


DETECTOR: Final = Detector(
    name="finance.bank_account",
    category="spi_financial_account",
    entity="BANK_ACCOUNT",
    patterns=(Pattern("digits", numeric("[0-9]{1,18}(?:[ -][0-9]{1,12}){0,4}"), 0.05),),
    verify=verify,
    context=(
        "account number",
        "account no",
        "acct no",
        "acct",
        "bank account",
        "a/c no",
        "口座番号",
        "口座",
        "계좌",
        "계좌번호",
        "nomor rekening",
        "no rekening",
        "rekening",
        "số tài khoản",
        "so tai khoan",
        "stk",
        "เลขที่บัญชี",
        "บัญชีธนาคาร",
        "เลขบัญชี",
        "akaun bank",
        "no akaun",
        "nombor akaun",
        "bsb",
        "rib",
        "numéro de compte",
        "رقم الحساب",
        "الحساب البنكي",
        "账号",
        "帐号",
        "账户",
        "帳號",
        "帳戶",
        "银行账户",
        "银行卡",
        "account:",
        "account is",
        "account #",
        "acc no",
        "acc number",
        "a/c",
        "account details",
        "dbs account",
        "tài khoản ngân hàng",
        "tài khoản",
        "หมายเลขบัญชี",
        "no. rekening",
        "no. akaun",
        "振込先",
        "銀行口座",
        "은행 계좌",
        "计좌번호",
        "bankkonto",
        "kontonummer",
        "konto nr",
        "numero de cuenta",
        "número de cuenta",
        "cuenta bancaria",
        "conta bancária",
        "numero conto",
        "rachunek",
        "nr konta",
        "расчетный счет",
        "номер счета",
        "счёт",
        "bankrekening",
        "rekeningnummer",
        "payee account",
        "beneficiary account",
        "收款账号",
        "akaunti",
        "hesap no",
        "account",
    ),
    fields=("bank_account",),
)
