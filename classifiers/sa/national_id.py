"""National identity and residence (Iqama) number of Saudi Arabia: 1 or 2, nine digits, Luhn.

>>> verify("1000000008")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import luhn
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the Luhn check holds."""
    return checked(luhn(compact(text)))


DETECTOR: Final = Detector(
    name="sa.national_id",
    category="pi_gov_id",
    entity="SA_NATIONAL_ID",
    patterns=(Pattern("10 digits", numeric("[12][0-9]{9}"), 0.1),),
    verify=verify,
    context=(
        "iqama",
        "الإقامة",
        "رقم الهوية",
        "هوية",
        "الهوية الوطنية",
        "national id",
        "absher",
        "saudi id",
        "id number",
    ),
    fields=("gov_id",),
)
