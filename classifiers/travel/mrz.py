"""Machine-readable zone of a travel document.

ICAO Doc 9303; two lines of 44 or 36, or three of 30.

The second line of a passport carries number, birth date and expiry, each with a check digit of
weights 7, 3, 1.

>>> verify("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<")
<Verdict.LIKELY: 'likely'>
>>> verify("L898902C36UTO7408122F1204159ZE184226B<<<<<10")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from datetime import date
from typing import Final

from classifiers.births import written
from classifiers.checksums import icao
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked


def verify(text: str) -> Verdict:
    """The name line is likely; the data line is confirmed by its three check digits."""
    line = text.upper()
    if "<<" in line[5:] and not line[9].isdigit():
        return Verdict.LIKELY
    parts = ((line[0:9], line[9]), (line[13:19], line[19]), (line[21:27], line[27]))
    return checked(all(icao(data) == digit for data, digit in parts))


def born(text: str) -> date | None:
    """The data line of a passport carries it; the line of names does not."""
    return (
        written(2000 + int(text[13:15]), int(text[15:17]), int(text[17:19]))
        if (text[13:19].isdecimal())
        else None
    )


DETECTOR: Final = Detector(
    name="travel.mrz",
    category="pi_gov_id",
    entity="MRZ",
    patterns=(
        Pattern(
            "names",
            (r"(?<![0-9A-Z<])[PVIAC][A-Z<][A-Z]{3}[A-Z]{1,38}<<[A-Z<]{1,38}(?![0-9A-Z<])"),
            0.7,
        ),
        Pattern(
            "data",
            (
                r"(?<![0-9A-Z<])[A-Z0-9<]{9}[0-9][A-Z]{3}[0-9]{6}[0-9][MFX<][0-9]{6}[0-9][A"
                r"-Z0-9<]{0,14}[0-9<]{0,2}(?![0-9A-Z<])"
            ),
            0.7,
        ),
    ),
    verify=verify,
    born=born,
    strong=True,
    context=(
        "mrz",
        "passport",
        "护照",
        "机读",
    ),
)
