"""Telephone number in national form, beside a word or under a field that says telephone.

Seven to twelve digits mean nothing alone. A number is confirmed if any of the countries below
issues it; the order tries the likeliest first and does not change the answer.

>>> verify("090-1234-5678"), verify("0812 3456 7890")
(<Verdict.CONFIRMED: 'confirmed'>, <Verdict.CONFIRMED: 'confirmed'>)
>>> verify("00000000")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

import phonenumbers

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, numeric

# RCEP, Hong Kong, Macao, Taiwan; African and other partners; the largest other markets.
_REGIONS: Final = (
    "CN JP KR SG MY TH VN ID PH AU NZ HK TW MO KH LA MM BN"
    " ZA KE NG EG GH RW TZ UG ET SN MA DZ TN US GB IN AE SA KZ UZ PK RU RS CL BD BR CA FR DE IT ES"
).split()


_FEWEST: Final = 7
_MOST: Final = 13
_SHAPE: Final = r"\(?[0-9]{2,5}\)?(?:[ ./-]{0,2}[0-9]{2,5}){1,4}"  # groups of two digits and more


def verify(text: str) -> Verdict:
    """Whether one of the countries issues such numbers."""
    if not _FEWEST <= sum(char.isdigit() for char in text) <= _MOST:
        return Verdict.REFUTED
    return checked(any(_issued(text, region) for region in _REGIONS))


def _issued(text: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        return False


DETECTOR: Final = Detector(
    name="phone.national",
    category="pi_contact_phone",
    entity="PHONE_NUMBER",
    patterns=(Pattern("digits", numeric(_SHAPE), 0.1),),
    verify=verify,
    context=(
        *("phone", "phone no", "phone number", "mobile", "mobile no", "tel", "telephone", "cell"),
        *("call", "fax", "whatsapp", "contact no", "contact number", "hp", "h/p", "hotline"),
        *("电话", "手机", "联系方式", "联系电话", "致电", "拨打", "電話", "手機", "聯絡", "傳真"),
        *(
            "携帯",
            "連絡先",
            "電話番号",
            "ファックス",
            "전화",
            "휴대폰",
            "연락처",
            "핸드폰",
            "전화번호",
        ),
        *("โทร", "เบอร์", "มือถือ", "โทรศัพท์", "điện thoại", "sđt", "số điện thoại", "đt", "gọi"),
        *("telepon", "telp", "no hp", "nomor hp", "hubungi", "telefon", "no tel", "no telefon"),
        *("ទូរស័ព្ទ", "លេខទូរស័ព្ទ", "ໂທລະສັບ", "ເບີໂທ", "ဖုန်း", "numero ng telepono", "simu"),
        *("téléphone", "tél", "portable", "هاتف", "جوال", "موبايل", "رقم الهاتف", "телефон"),
    ),
    fields=("phone",),
)
