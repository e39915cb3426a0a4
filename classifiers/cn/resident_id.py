"""Resident identity number of mainland China (GB 11643-1999), and numbers of the same form.

Six digits of place, eight of birth date, three of order, one check character (ISO 7064
MOD 11-2). Residence permits for Hong Kong, Macao and Taiwan residents begin with 81, 82 or 83,
permanent residence cards of foreigners (2023 form) with 9. The first generation had 15 digits:
a year of two digits and no check. Place codes are only looked at by province; the full table
ages, and age must not hide a number. A wrong check character still points at a person.

>>> verify("11010519491231002X")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("110105 19491231 0021")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("810000199408230021")  # Hong Kong resident
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("110105194902310024")  # 31 February
<Verdict.REFUTED: 'refuted'>
>>> verify("110105491231002")  # 15 digits: no check
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from datetime import date
from typing import Final

from classifiers.births import birth
from classifiers.checksums import mod_11_2
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict

_PROVINCES: Final = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54"
    " 61 62 63 64 65 71 81 82 83 90 91 92 93 94 95 96 97 98 99".split()
)
_SEPARATORS: Final = str.maketrans("", "", " ./_-")
_G: Final = "[ ./_-]?"
_DAY: Final = rf"(?:0[1-9]|1[0-2]){_G}(?:0[1-9]|[12][0-9]|3[01])"
_CENTURY: Final = "(?:18|19|20)"


def verify(text: str) -> Verdict:
    """What the characters alone say. 15 digits carry no check, so they are never confirmed."""
    number = text.translate(_SEPARATORS).upper()
    born = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return Verdict.REFUTED
    if len(number) == 15 or number[:2] not in _PROVINCES:
        return Verdict.UNKNOWN
    return Verdict.CONFIRMED if number[17] == mod_11_2(number[:17]) else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="cn.resident_id",
    category="pi_gov_id",
    entity="CN_RESIDENT_ID",
    patterns=(
        Pattern(
            "18 characters",
            rf"(?<![0-9])[1-9][0-9]{{5}}{_G}{_CENTURY}[0-9]{{2}}{_G}{_DAY}{_G}[0-9]{{3}}{_G}[0-9X]"
            r"(?![0-9])",
            0.5,
        ),
        Pattern(
            "15 digits",
            rf"(?<![0-9])[1-8][0-9]{{5}}{_G}[0-9]{{2}}{_DAY}{_G}[0-9]{{3}}(?![0-9])",
            0.1,
        ),
    ),
    verify=verify,
    born=birth("YYYYMMDD", 6),
    strong=True,
    context=(
        "身份证",
        "身分證",
        "证件号",
        "證件號",
        "居住证",
        "sfz",
        "shenfenzheng",
        "id card",
        "id no",
        "identity",
        "resident id",
    ),
    fields=("gov_id", "resident_id"),
)
