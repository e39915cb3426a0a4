"""National identity card and resident certificate numbers of Taiwan.

A letter, 1 or 2 (8 or 9 for the resident certificates of 2021, A to D before), eight digits. The
letter stands for two digits; weights 1, 9, 8 to 1, 1; modulo 10.

>>> verify("A123456789")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("A800000014")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("A123456788")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # A is 10, B 11, in this order


def verify(text: str) -> Verdict:
    """Whether the check digit holds."""
    number = compact(text)
    first = str(_LETTERS.index(number[0]) + 10)
    second = str((_LETTERS.index(number[1]) + 10) % 10) if number[1].isalpha() else number[1]
    return checked(
        weighted(first + second + number[2:], (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0
    )


DETECTOR: Final = Detector(
    name="tw.national_id",
    category="pi_gov_id",
    entity="TW_NATIONAL_ID",
    patterns=(Pattern("citizen and resident", word("[A-Z][1289A-D][0-9]{8}"), 0.3),),
    verify=verify,
    context=(
        "身分證",
        "身份證",
        "身份证",
        "身分证",
        "居留證",
        "統一編號",
        "arc no",
        "national id",
        "taiwan id",
        "id no",
        "id number",
        "identity",
        "identification",
        "統一證號",
        "ui no",
        "alien resident",
        "taiwanese id",
        "居留證號",
    ),
    fields=("gov_id",),
)
