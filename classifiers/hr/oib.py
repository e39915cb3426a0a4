"""Personal number of Croatia (OIB): eleven digits, ISO 7064 MOD 11,10.

>>> verify("33392005961")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.hr import oib

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(oib.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="hr.oib",
    category="pi_gov_id",
    entity="HR_OIB",
    patterns=(Pattern("11 digits", numeric("[0-9]{11}"), 0.1),),
    verify=verify,
    context=(
        "oib",
        "osobni identifikacijski broj",
    ),
    fields=("gov_id",),
)
