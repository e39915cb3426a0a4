"""National identity number of Tanzania.

NIDA; birth date YYYYMMDD, five digits of place, five, two. No check.

>>> verify("19900101-12345-00001-23")
<Verdict.LIKELY: 'likely'>
>>> verify("19900101123450000123")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, compact, is_date, numeric


def verify(text: str) -> Verdict:
    """A birth date; with its dashes the shape is rare, twenty bare digits may be an order."""
    digits = compact(text)
    if not is_date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])):
        return Verdict.REFUTED
    return Verdict.LIKELY if len(text) > len(digits) else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="tz.nida",
    category="pi_gov_id",
    entity="TZ_NIDA",
    patterns=(
        Pattern(
            "20 digits",
            numeric(
                rf"(?:19|20)[0-9]{{2}}[01][0-9][0-3][0-9]{GAP}[0-9]{{5}}{GAP}[0-9]{{5}}{GAP}"
                rf"[0-9]{{2}}"
            ),
            0.5,
        ),
    ),
    verify=verify,
    born=birth("YYYYMMDD"),
    strong=True,
    context=(
        "nida",
        "nin",
        "national id",
        "kitambulisho",
        "namba ya nida",
        "kitambulisho cha taifa",
        "id number",
        "id no",
    ),
    fields=("gov_id",),
)
