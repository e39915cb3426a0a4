"""Driving licence of Great Britain: surname, birth date and sex, initials, check characters.

>>> verify("MORGA753116SM9IJ")
<Verdict.LIKELY: 'likely'>
>>> verify("MORGA793116SM9IJ")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import compact, word


def verify(text: str) -> Verdict:
    """Whether month and day can be a birth date; the last characters are a secret of the DVLA."""
    number = compact(text)
    month, day = int(number[6:8]) % 50, int(number[8:10])
    return Verdict.LIKELY if 1 <= month <= 12 and 1 <= day <= 31 else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="gb.driving_licence",
    category="pi_gov_id",
    entity="UK_DRIVING_LICENCE",
    patterns=(
        Pattern(
            "16 characters",
            word("[A-Z9]{5} ?[0-9][0156][0-9][0-3][0-9]{2} ?[A-Z9]{2}[0-9][A-Z]{2}(?: ?[0-9]{2})?"),
            0.5,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "driving licence",
        "driver number",
        "driving license",
        "licence number",
        "dvla",
        "driver's licence",
        "uk licence",
    ),
    fields=("gov_id",),
)
