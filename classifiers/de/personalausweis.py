"""Serial number of the German identity card, with or without its check digit.

Nine characters of 0-9 and CFGHJKLMNPRTVWXYZ, check by weights 7, 3, 1 (ICAO 9303 part 3).

>>> verify("L01X00T471")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("L01X00T47")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("L01X00T472")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import icao
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    number = compact(text)
    return checked(len(number) == 10 and icao(number[:9]) == number[9])


DETECTOR: Final = Detector(
    name="de.personalausweis",
    category="pi_gov_id",
    entity="DE_ID_CARD",
    patterns=(
        Pattern(
            "9 or 10 characters",
            word("[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}(?: ?[0-9]D?)?"),
            0.1,
        ),
        Pattern("old form", word("[0-9]{9,10}"), 0.05),
    ),
    verify=verify,
    context=(
        "personalausweis",
        "personalausweisnummer",
        "ausweisnummer",
        "ausweis-nr",
        "ausweisnr",
        "ausweis",
        "perso",
        "german id",
        "german identity",
        "aufenthaltstitel",
        "german national id",
    ),
    fields=("gov_id",),
)
