"""Personal number of Uzbekistan (PINFL, ЖШШИР).

Sex and century 1-6, DDMMYY, three, three, a check with weights 7, 3, 1 modulo 10.

>>> verify("31709860260011")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import ONE_TO_SIX, birth
from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, is_short_date, numeric


def verify(text: str) -> Verdict:
    """Whether the check digit holds."""
    if not is_short_date(text[5:7] + text[3:5] + text[1:3]):
        return Verdict.REFUTED
    return checked(weighted(text[:13], (7, 3, 1) * 5) % 10 == int(text[13]))


DETECTOR: Final = Detector(
    name="uz.pinfl",
    category="pi_gov_id",
    entity="UZ_PINFL",
    patterns=(Pattern("14 digits", numeric("[1-6][0-3][0-9][01][0-9][0-9]{9}"), 0.2),),
    verify=verify,
    born=birth("DDMMYY", 1, century=(0, ONE_TO_SIX)),
    context=(
        "pinfl",
        "пинфл",
        "жшшир",
        "jshshir",
        "personal number",
        "shaxsiy raqam",
        "uzbek",
        "uzbekistan pinfl",
    ),
    fields=("gov_id",),
)
