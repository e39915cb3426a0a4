"""Made-up identifiers: a shape, a check by python-stdnum, and titles as people write them.

`#` is a digit, `@` a letter, `{…}` a choice; anything else stands for itself. A number counts
only if the check accepts it, so the sets do not depend on our own detectors.
"""

from __future__ import annotations

import importlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_CHOICE: Final = re.compile(r"\{([^}]*)\}|#|@|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kind:
    """One identifier: `check` is a module of python-stdnum, "" where no check exists."""

    country: str
    shape: str
    check: str
    titles: tuple[str, ...]


def _kind(country: str, shape: str, check: str, titles: str) -> Kind:
    return Kind(country, shape, check, tuple(titles.split("|")))


_DATE: Final = "{5,6,7,8,9}#{01,02,03,04,05,06,07,08,09,10,11,12}{01,05,11,17,23,28}"
_YEAR: Final = "{195,196,197,198,199,200}#"
_DMY: Final = "{01,05,11,17,23,28}{01,02,03,04,05,06,07,08,09,10,11,12}{5,6,7,8,9}#"
KINDS: Final = (
    _kind("CN", "{110105,310104,440305,510107}" + _YEAR + "{0101,0812,1130}###{#,X}", "cn.ric",
          "身份证号：|身份证号码 |ID card: |公民身份号码"),
    _kind("HK", "@######(#)", "hk", "香港身份證號碼：|HKID |Identity Card No. "),
    _kind("TW", "@{1,2}########", "tw", "身分證字號：|統一證號 |National ID: "),
    _kind("JP", "############", "jp.in_", "マイナンバー：|個人番号 |My Number: "),
    _kind("KR", _DATE + "-{1,2,3,4}######", "", "주민등록번호: |주민번호 |RRN: "),
    _kind("KR", "###-##-#####", "kr.brn", "사업자등록번호 |Business registration no. "),
    _kind("AU", "#########", "au.tfn", "TFN: |Tax File Number |tax file no. "),
    _kind("AU", "###########", "au.abn", "ABN |Australian Business Number: "),
    _kind("NZ", "{10,49,89}######", "nz.ird", "IRD number |IRD No: |Inland Revenue number: "),
    _kind("ID", "{317101,327301,357801}" + _DMY + "####", "id.nik", "NIK: |No. KTP |Nomor KTP: "),
    _kind("ID", "##.###.###.#-###.###", "id.npwp", "NPWP: |Nomor Pokok Wajib Pajak "),
    _kind("MY", _DATE + "-{01,08,14}-####", "my.nric", "MyKad: |No. KP |IC Number: |NRIC "),
    _kind("SG", "{S,T,F,G}#######@", "sg", "NRIC: |FIN |NRIC/FIN No. |Identification No. "),
    _kind("SG", "{19,20}#######@", "sg.uen", "UEN: |UEN No. "),
    _kind("TH", "#############", "th.pin", "เลขประจำตัวประชาชน |เลขบัตรประชาชน: |Thai ID "),
    _kind("VN", "0{01,48,79}{1,2,3}########", "", "CCCD: |Số CCCD |Căn cước công dân số "),
    _kind("VN", "##########", "vn.mst", "MST: |Mã số thuế: |Tax code: "),
    _kind("PH", "###-###-###-###", "", "TIN: |Tax Identification Number "),
    _kind("PH", "##-#######-#", "", "SSS No. |SSS Number: "),
    _kind("MM", "{12,5,9}/{LAKANA,MAKANA,PATANA}(N)######", "", "NRC: |NRC No. "),
    _kind("KH", "#########", "", "អត្តសញ្ញាណប័ណ្ណ៖ |National ID: |Khmer identity card "),
    _kind("BN", "{00,01,30}-######", "", "IC Number: |Brunei IC "),
    _kind("ZA", _DATE + "####0{8,9}#", "za.idnr", "ID Number: |RSA ID |SA ID number "),
    _kind("KE", "{A,P}#########@", "", "KRA PIN: |KRA PIN No. "),
    _kind("NG", "{1,2,5}##########", "", "NIN: |National Identification Number "),
    _kind("NG", "22#########", "", "BVN: |Bank Verification Number "),
    _kind("EG", "2{80,95}{01,11}{05,28}{01,21}#####", "", "الرقم القومي: |National ID "),
    _kind("GH", "GHA-#########-#", "", "Ghana Card: |Ghana Card No. "),
    _kind("RW", "1{1985,1999}{7,8}##########", "", "NID: |Indangamuntu "),
    _kind("TZ", "{19900101,19851130}-#####-#####-##", "", "NIDA: |NIDA number "),
    _kind("UG", "C{M,F}{85,90}###@@#@#@@", "", "NIN: |National ID No. "),
    _kind("ET", "#### #### ####", "", "Fayda: |Fayda Number "),
    _kind("SN", "1 ### {1985,1990} #####", "", "CNI: |Carte nationale d'identité: "),
    _kind("MA", "{AB,K,BE}######", "", "CIN: |CNIE n° |رقم البطاقة الوطنية "),
    _kind("DZ", "1#################", "", "NIN: |رقم التعريف الوطني "),
    _kind("TN", "{0,1}#######", "", "CIN: |بطاقة التعريف الوطنية "),
    _kind("GB", "##########", "gb.nhs", "NHS number: |NHS No. "),
    _kind("GB", "{AB,CE,JG}######{A,B,C,D}", "", "NI number: |National Insurance no. "),
    _kind("US", "{123,456,219}-{12,45}-{1,5}###", "us.ssn", "SSN: |Social Security Number "),
    _kind("CA", "### ### ###", "ca.sin", "SIN: |Social Insurance Number "),
    _kind("BR", "###########", "br.cpf", "CPF: |CPF nº "),
    _kind("IN", "{2,5,9}###########", "in_.aadhaar", "Aadhaar: |Aadhaar No. |आधार "),
    _kind("IN", "@@@P@####@", "in_.pan", "PAN: |PAN No. |Permanent Account Number "),
    _kind("PK", "{3,4}####-#######-#", "pk.cnic", "CNIC: |CNIC No. "),
    _kind("RU", "############", "ru.inn", "ИНН: |ИНН "),
    _kind("DE", "###########", "de.idnr", "Steuer-ID: |Steueridentifikationsnummer "),
    _kind("FR", "{1,2}{85,92}{01,11}{75,13}######{#,#}#", "fr.nir", "N° de sécurité sociale : "),
    _kind("IT", "@@@@@@##{A,B,C,D}{01,15,25}@###@", "it.codicefiscale", "Codice fiscale: |C.F. "),
    _kind("ES", "########@", "es.dni", "DNI: |DNI "),
    _kind("NL", "#########", "nl.bsn", "BSN: |Burgerservicenummer "),
    _kind("PL", "{85,92}{01,11}{05,28}#####", "pl.pesel", "PESEL: |Nr PESEL "),
    _kind("PT", "{1,2}########", "pt.nif", "NIF: |Contribuinte "),
    _kind("RO", "{1,2}{85,92}{01,11}{05,28}{01,40}####", "ro.cnp", "CNP: |Cod numeric personal "),
    _kind("SE", "{85,92}{01,11}{05,28}-####", "se.personnummer", "Personnummer: "),
    _kind("BE", "{85,92}{01,11}{05,28}#####", "be.nn", "Rijksregisternummer: |NISS "),
    _kind("FI", "{05,28}{01,11}{85,92}-###@", "fi.hetu", "Henkilötunnus: |HETU "),
    _kind("DK", "{05,28}{01,11}{85,92}-####", "", "CPR: |CPR-nummer "),
    _kind("GR", "{05,28}{01,11}{85,92}#####", "gr.amka", "ΑΜΚΑ: |AMKA "),
    _kind("IE", "#######@", "ie.pps", "PPS Number: |PPSN "),
    _kind("BG", "{85,92}{01,11}{05,28}####", "bg.egn", "ЕГН: |EGN "),
    _kind("CZ", "{85,92}{01,11}{05,28}/####", "cz.rc", "Rodné číslo: "),
    _kind("HR", "###########", "hr.oib", "OIB: "),
)  # fmt: skip
# Shapes that no ordinary number has: found without a title.
STRONG: Final = (
    KINDS[0],
    _kind("CN", "91{110000,310115}@#######@#", "cn.uscc", ""),
    _kind("EU", "DE####################", "iban", ""),
    _kind("CN", "62{2202,1483,1700}#############", "luhn", ""),
    _kind("US", "4###############", "luhn", ""),
    _kind("SG", "{S,T,F,G}#######@", "sg", ""),
    _kind("ZA", _DATE + "####0{8,9}#", "za.idnr", ""),
)


def sample(kind: Kind, random_: random.Random, count: int) -> Iterator[str]:
    """`count` numbers that the kind's check accepts."""
    while count:
        text = _CHOICE.sub(lambda part: _piece(part, random_), kind.shape)
        if _valid(kind.check, text):
            count -= 1
            yield text


def _piece(part: re.Match[str], random_: random.Random) -> str:
    if part[1] is not None:
        piece = random_.choice(part[1].split(","))
        return random_.choice("0123456789") if piece == "#" else piece
    if part[0] == "#":
        return random_.choice("0123456789")
    return random_.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") if part[0] == "@" else part[0]


def _valid(check: str, text: str) -> bool:
    if check in _OWN:
        return _OWN[check](text)
    return not check or bool(importlib.import_module(f"stdnum.{check}").is_valid(text))


def _hkid(text: str) -> bool:
    values = [36, ord(text[0]) - 55, *(int(digit) for digit in text[1:7]), int(text[8])]
    return (
        sum(value * weight for value, weight in zip(values, range(9, 0, -1), strict=True)) % 11 == 0
    )


def _nric(text: str) -> bool:
    total = sum(int(d) * w for d, w in zip(text[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    total += 4 if text[0] in "TG" else 0
    return text[8] == ("JZIHGFEDCBA" if text[0] in "ST" else "XWUTRQPNMLK")[total % 11]


def _taiwan(text: str) -> bool:
    letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(text[0]) + 10
    digits = [letter // 10, letter % 10, *(int(digit) for digit in text[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(d * w for d, w in zip(digits, weights, strict=True)) % 10 == 0


_OWN: Final = {"hk": _hkid, "sg": _nric, "tw": _taiwan}
