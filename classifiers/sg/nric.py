"""NRIC and FIN of Singapore: S, T, F, G or M, seven digits, a check letter.

Weights 2, 7, 6, 5, 4, 3, 2; T and G add 4, M adds 3; the letter comes from the series' own list.
The lists for S/T and F/G are long known, that for M since 2022 (confidence B).

>>> verify("S1234567D")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("F1234567N")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("T0123456G")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("S1234567A")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from datetime import date
from typing import Final

from classifiers.births import birth
from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, word

_LETTERS: Final = {
    "S": "JZIHGFEDCBA",
    "T": "JZIHGFEDCBA",
    "F": "XWUTRQPNMLK",
    "G": "XWUTRQPNMLK",
    "M": "KLJNPQRTUWX",
}
_OFFSETS: Final = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}

_year: Final = birth("YY", 1)


def verify(text: str) -> Verdict:
    """Whether the check letter holds."""
    number = compact(text)
    series, digits = number[0], number[1:8]
    remainder = (_OFFSETS[series] + weighted(digits, (2, 7, 6, 5, 4, 3, 2))) % 11
    if series == "M":
        remainder = 10 - remainder
    return checked(_LETTERS[series][remainder] == number[8])


def born(text: str) -> date | None:
    """T is for citizens born since 2000, whose numbers begin with the year's two digits."""
    number = compact(text)
    return _year(number) if number[:1] == "T" else None


DETECTOR: Final = Detector(
    name="sg.nric",
    category="pi_gov_id",
    entity="SG_NRIC_FIN",
    patterns=(
        Pattern("9 characters", word(rf"[STFGM]{GAP}[0-9]{{4}}{GAP}[0-9]{{3}}{GAP}[A-Z]"), 0.5),
    ),
    verify=verify,
    born=born,
    strong=True,
    context=(
        "nric",
        "fin",
        "nric/fin",
        "identity card",
        "ic no",
        "ic number",
        "singpass",
        "fin no",
        "nric no",
        "身份证",
        "id no",
        "id number",
        "passport",
    ),
    fields=("gov_id",),
)
