"""Identity card of Laos: nine to twelve digits, also grouped 2-7. No check.

>>> verify("01-1234567")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="la.national_id",
    category="pi_gov_id",
    entity="LA_NATIONAL_ID",
    patterns=(Pattern("card", numeric(rf"[0-9]{{2}}{GAP}[0-9]{{7,10}}"), 0.05),),
    verify=verify,
    context=(
        "ບັດປະຈໍາຕົວ",
        "ບັດປະຈຳຕົວ",
        "ເລກບັດ",
        "lao id",
        "lao national id",
        "laos id",
        "lao identity",
    ),
    fields=("gov_id",),
)
