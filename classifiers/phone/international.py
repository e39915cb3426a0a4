"""Telephone number with its country code (ITU-T E.164), as libphonenumber's metadata knows it.

A plus sign and a number that its country issues is likely; one that is only possible says little.
The form with 00 needs support.

>>> verify("+65 9123 4567"), verify("+84 (0)91 234 56 78")
(<Verdict.LIKELY: 'likely'>, <Verdict.LIKELY: 'likely'>)
>>> verify("+999 123 456 789")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

import phonenumbers

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.phone.national import WORDS
from classifiers.shape import numeric


def verify(text: str) -> Verdict:
    """Whether the country issues such numbers."""
    written = text if text.startswith("+") else f"+{text.removeprefix('00')}"
    try:
        number = phonenumbers.parse(written.replace("(0)", ""))
    except phonenumbers.NumberParseException:
        return Verdict.UNKNOWN
    return Verdict.LIKELY if phonenumbers.is_valid_number(number) else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="phone.international",
    category="pi_contact_phone",
    entity="PHONE_NUMBER",
    patterns=(
        Pattern("plus", r"(?<![0-9A-Z+])\+[1-9](?:[ ()./-]{0,3}[0-9]){6,16}(?![0-9])", 0.6),
        Pattern("zeros", numeric("00[1-9](?:[ ()./-]{0,3}[0-9]){7,16}"), 0.2),
    ),
    verify=verify,
    strong=True,
    context=WORDS,
    fields=("phone",),
)
