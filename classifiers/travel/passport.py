"""Passport numbers by their books' shapes; none has a check outside the machine-readable zone.

Japan two letters and seven digits; Singapore letter, seven digits, letter; Malaysia A, H or K and
eight digits; Thailand two letters and seven digits; Viet Nam a letter and seven or eight digits;
Indonesia a letter and seven, or two letters; Philippines letter, seven digits, letter; Cambodia N
and eight; Australia one or two letters and seven; New Zealand one or two and six; India a letter
and seven; United Kingdom and United States nine digits; Germany nine letters and digits. All need
a word or a field that says passport.

>>> verify("TK1234567")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("K1234567L")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("123456789")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(text: str) -> Verdict:
    """There is no check: the shape alone says little, and a word has no digits."""
    return Verdict.UNKNOWN if sum(char.isdigit() for char in text) >= 2 else Verdict.REFUTED


DETECTOR: Final = Detector(
    name="travel.passport",
    category="pi_gov_id",
    entity="PASSPORT",
    patterns=(
        Pattern("letters first", word("[A-Z]{1,3}[0-9]{5,9}[A-Z]?"), 0.1),
        Pattern("9 characters", word("[CFGHJKLMNPRTVWXYZ0-9]{9}"), 0.05),
        Pattern("other", word("(?:[0-9]{2}[A-Z]{2}[0-9]{5}|[A-Z][0-9A-Z]{7,8}|[0-9]{8,10})"), 0.05),
    ),
    verify=verify,
    context=(
        "passport",
        "passport no",
        "passport number",
        "护照",
        "護照",
        "パスポート",
        "旅券",
        "旅券番号",
        "여권",
        "여권번호",
        "paspor",
        "no paspor",
        "pasport",
        "hộ chiếu",
        "số hộ chiếu",
        "ho chieu",
        "หนังสือเดินทาง",
        "លិខិតឆ្លងដែន",
        "pasaporte",
        "passeport",
        "جواز السفر",
        "جواز",
        "паспорт",
        "reisepass",
        "ppt no",
        "paspoort",
        "passport:",
        "pasaport",
        "passaporto",
        "passaporte",
        "paszport",
        "paszportu",
        "reisepassnummer",
        "passnummer",
        "pass-nr",
        "n° de passeport",
        "útlevél",
        "cestovní pas",
        "cestovný pas",
        "putovnica",
        "putovnice",
        "potni list",
        "pașaport",
        "passi numero",
        "passnummer",
        "διαβατήριο",
        "διαβατηρίου",
        "ໜັງສືຜ່ານແດນ",
        "ຫນັງສືຜ່ານແດນ",
        "နိုင်ငံကူး",
        "ပတ်စပို့",
        "พาสปอร์ต",
        "ፓስፖርት",
        "पासपोर्ट",
        "পাসপোর্ট",
        "پاسپورٹ",
        "דרכון",
        "pasi ya kusafiria",
        "pasipoti",
        "загранпаспорт",
        "паспорта",
        "паспорт №",
        "vegabréf",
        "pase",
        "ប៉ាស្ព័រ",
        "гражданска паспорт",
        "международен паспорт",
        "pasaporto",
        "pasaporte no",
        "buku paspor",
        "paspoortnummer",
        "passportnummer",
        "paspor no",
        "passport#",
    ),
    fields=("gov_id",),
    generic=True,
)
