"""National registration identity card of Malaysia.

MyKad; birth date, place, four digits. No check digit.

The date must exist and the place be assigned; with its dashes the shape is rare.

>>> verify("770305-02-1234")
<Verdict.LIKELY: 'likely'>
>>> verify("770305021234")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum.my import nric

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, compact, is_short_date, numeric


def verify(text: str) -> Verdict:
    """Date and place; only the dashed form is rare enough to be likely."""
    digits = compact(text)
    if not is_short_date(digits[:6]):
        return Verdict.REFUTED
    return Verdict.LIKELY if "-" in text and nric.is_valid(digits) else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="my.nric",
    category="pi_gov_id",
    entity="MY_NRIC",
    patterns=(
        Pattern("dashed", numeric("[0-9]{2}[01][0-9][0-3][0-9]-[0-9]{2}-[0-9]{4}"), 0.6),
        Pattern(
            "joined", numeric(rf"[0-9]{{2}}[01][0-9][0-3][0-9]{GAP}[0-9]{{2}}{GAP}[0-9]{{4}}"), 0.2
        ),
    ),
    verify=verify,
    born=birth("YYMMDD"),
    strong=True,
    context=(
        "nric",
        "mykad",
        "kad pengenalan",
        "no kp",
        "no. kp",
        "ic no",
        "ic number",
        "i/c",
        "identity card",
        "no ic",
        "nombor kad",
        "mypr",
        "mykid",
        "malaysian ic",
        "malaysia ic",
        "malaysian nric",
        "malaysian id",
    ),
    fields=("gov_id",),
)
