"""National identity number of Egypt.

Century, birth date, governorate, five digits; also in Arabic-Indic digits (canonical form).

The last digit is a check whose formula is not official, so date and governorate make it likely.

>>> verify("29001010112345")
<Verdict.LIKELY: 'likely'>
>>> verify("29013010112345")
<Verdict.REFUTED: 'refuted'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, compact, is_date, numeric

_GOVERNORATES: Final = frozenset(
    "01 02 03 04 11 12 13 14 15 16 17 18 19 21 22 23 24 25 26 27 28 29 31 32 33 34 35 88".split()
)


def verify(text: str) -> Verdict:
    """Birth date and governorate: about 3 in 10,000 random numbers have both."""
    digits = compact(text)
    century = 1900 if digits[0] == "2" else 2000
    if not is_date(century + int(digits[1:3]), int(digits[3:5]), int(digits[5:7])):
        return Verdict.REFUTED
    return Verdict.LIKELY if digits[7:9] in _GOVERNORATES else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="eg.national_id",
    category="pi_gov_id",
    entity="EG_NATIONAL_ID",
    patterns=(
        Pattern(
            "14 digits",
            numeric(rf"[23]{GAP}[0-9]{{2}}[01][0-9][0-3][0-9]{GAP}[0-9]{{2}}{GAP}[0-9]{{5}}"),
            0.4,
        ),
    ),
    verify=verify,
    born=birth("YYMMDD", 1, century=(0, {"2": 1900, "3": 2000})),
    strong=True,
    context=(
        "الرقم القومي",
        "رقم قومي",
        "رقم البطاقة",
        "بطاقة الرقم القومي",
        "national id",
        "egyptian id",
        "id number",
        "id no",
    ),
    fields=("gov_id",),
)
