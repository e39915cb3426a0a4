"""Personal code of Latvia (personas kods).

Birth date DDMMYY, century, four digits; since 2017 beginning with 32, random.

A failed check says little.

>>> verify("161175-19997"), verify("161175-19990")
(<Verdict.CONFIRMED: 'confirmed'>, <Verdict.UNKNOWN: 'unknown'>)
"""

from __future__ import annotations

from typing import Final

from stdnum.lv import pvn

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether date and check digit hold."""
    return checked(pvn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="lv.personal_code",
    category="pi_gov_id",
    entity="LV_PERSONAL_CODE",
    patterns=(
        Pattern("dashed", numeric("[0-3][0-9]{5}-[0-9]{5}"), 0.4),
        Pattern("joined", numeric("[0-3][0-9]{10}"), 0.1),
    ),
    verify=verify,
    born=birth("DDMMYY", century=(6, {"0": 1800, "1": 1900, "2": 2000})),
    strong=True,
    context=(
        "personas kods",
        "personas kodu",
        "pk",
        "personal code",
        "p.k.",
        "latvian personal",
        "latvian id",
    ),
    fields=("gov_id",),
)
