"""Personal identity code of Finland.

Henkilötunnus; DDMMYY, century sign, three digits, a check character.

>>> verify("131052-308T"), verify("131052-308U")
(<Verdict.CONFIRMED: 'confirmed'>, <Verdict.UNKNOWN: 'unknown'>)
"""

from __future__ import annotations

from datetime import date
from typing import Final

from stdnum.fi import hetu

from classifiers.births import written
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(hetu.is_valid(text))


def born(text: str) -> date | None:
    """The sign after the date tells the century."""
    digits, sign = text[:6], text[6:7].upper()
    if not digits.isdecimal():
        return None
    century = 1800 if sign == "+" else 1900 if sign in "-UVWXY" else 2000
    return written(century + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))


DETECTOR: Final = Detector(
    name="fi.hetu",
    category="pi_gov_id",
    entity="FI_HETU",
    patterns=(
        Pattern(
            "11 characters", word("[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]"), 0.5
        ),
    ),
    verify=verify,
    born=born,
    strong=True,
    context=(
        "hetu",
        "henkilötunnus",
        "henkilotunnus",
        "personbeteckning",
        "personal identity",
    ),
    fields=("gov_id",),
)
