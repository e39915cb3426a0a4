"""Hong Kong identity card (HKID).

One or two letters, six digits, a check character 0-9 or A, usually in brackets: letters count
A=10 to Z=35, a single letter has a blank (36) before it, weights 9 to 1, modulo 11.

>>> verify("A123456(3)")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("AB9876543")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("A123456(4)")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check character holds."""
    number = compact(text).rjust(9)
    values = [36 if char == " " else int(char, 36) for char in number]
    total = sum(value * weight for value, weight in zip(values, range(9, 0, -1), strict=True))
    return checked(total % 11 == 0)


DETECTOR: Final = Detector(
    name="hk.hkid",
    category="pi_gov_id",
    entity="HK_HKID",
    patterns=(
        Pattern("bracketed", r"(?<![0-9A-Za-z])[A-Z]{1,2}[0-9]{6} ?\([0-9A]\)", 0.6),
        Pattern("bare", word("[A-Z]{1,2}[0-9]{6}[0-9A]"), 0.2),
    ),
    verify=verify,
    strong=True,
    context=(
        "香港身份证",
        "香港身分證",
        "身份證",
        "身分證",
        "身份证",
        "hkid",
        "hong kong identity",
        "identity card",
        "id card",
        "id no",
        "id number",
        "hong kong id",
        "證件號碼",
        "hkic",
        "hk id",
        "hk identity",
        "hong kong permanent",
    ),
    fields=("gov_id",),
)
