"""Telephone number in national form, beside a word or under a field that says telephone.

Seven to twelve digits mean nothing alone. A number is confirmed if any of the countries below
issues it (libphonenumber's metadata).

>>> verify("090-1234-5678"), verify("0812 3456 7890")
(<Verdict.CONFIRMED: 'confirmed'>, <Verdict.CONFIRMED: 'confirmed'>)
>>> verify("00000000")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from phonenumbers import PhoneMetadata

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
_SHAPE: Final = r"\(?[0-9]{1,5}\)?(?:[ ./-]{0,2}\(?[0-9]{1,5}\)?){1,6}"


# Words for a telephone in the languages of the regions.
WORDS: Final = (
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
    *("telefone", "telefono", "teléfono", "celular", "móvil", "movil", "telemóvel", "telemovel"),
    *(
        "handy",
        "handynummer",
        "mobil",
        "mobilnummer",
        "telefonnummer",
        "rufnummer",
        "tlf",
        "mobilnr",
    ),
    *("telefoonnummer", "mobiel", "puhelin", "puhelinnumero", "matkapuhelin", "telefonszám", "gsm"),
    *("cellulare", "numero di telefono", "cell no", "cellphone", "mob", "mob no", "phone num"),
    *(
        "telefonní",
        "telefón",
        "mobilní",
        "komórka",
        "telefonu",
        "tel no",
        "sími",
        "fón",
        "tālrunis",
    ),
    *("τηλέφωνο", "κινητό", "тел", "телефону", "мобильный", "мобилен", "моб", "טלפון", "נייד"),
    *("फ़ोन", "फोन", "मोबाइल", "ফোন", "মোবাইল", "தொலைபேசி", "ෆෝන්", "تلفون", "تليفون", "محمول"),
    *("تلفن", "فون", "numéro de téléphone", "gsm no", "nambari ya simu", "namba ya simu"),
    *("lambar waya", "waya", "nọmba foonu", "ucingo", "inombolo yocingo", "selfoon", "ስልክ"),
    *("numero ng telepono", "cp no", "cp number", "selpon", "zalo", "viber"),
)


@lru_cache(maxsize=1)
def _issued() -> re.Pattern[str]:
    """Every fixed-line and mobile number of the regions, without its trunk prefix."""
    patterns = set()
    for region in _REGIONS:
        metadata = PhoneMetadata.metadata_for_region(region)
        for kind in (metadata.fixed_line, metadata.mobile) if metadata else ():
            if kind is not None and kind.national_number_pattern:
                patterns.add(f"(?:{kind.national_number_pattern})")
    return re.compile("|".join(sorted(patterns)))


def verify(text: str) -> Verdict:
    """Whether one of the countries issues such numbers, with or without a trunk zero."""
    digits = "".join(char for char in text if char.isdigit())
    if not _FEWEST <= len(digits) <= _MOST:
        return Verdict.REFUTED
    issued = _issued()
    return checked(bool(issued.fullmatch(digits) or issued.fullmatch(digits.removeprefix("0"))))


DETECTOR: Final = Detector(
    name="phone.national",
    category="pi_contact_phone",
    entity="PHONE_NUMBER",
    patterns=(Pattern("digits", numeric(_SHAPE), 0.1),),
    verify=verify,
    context=WORDS,
    fields=("phone",),
)
