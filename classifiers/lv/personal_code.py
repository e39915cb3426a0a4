"""Personal code of Latvia (personas kods).

Birth date DDMMYY, century, four digits; since 2017 beginning with 32, random.

The old form's check is not applied, as most new numbers have none.

>>> verify("161175-19997")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="lv.personal_code",
    category="pi_gov_id",
    entity="LV_PERSONAL_CODE",
    patterns=(Pattern("11 digits", numeric("[0-3][0-9]{5}-?[0-9]{5}"), 0.1),),
    verify=verify,
    context=(
        "personas kods",
        "personas kodu",
        "pk",
        "personal code",
    ),
    fields=("gov_id",),
)
