"""Card number of the Belgian identity card: three, seven and two digits, check modulo 97.

>>> verify("591-1917064-58")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("591-1917064-59")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum.be import eid

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(eid.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="be.eid",
    category="pi_gov_id",
    entity="BE_EID",
    patterns=(
        Pattern("dashed", numeric("[0-9]{3}-[0-9]{7}-[0-9]{2}"), 0.4),
        Pattern("joined", numeric("[0-9]{12}"), 0.1),
    ),
    verify=verify,
    strong=True,
    context=(
        "identiteitskaart",
        "carte d'identité",
        "carte d’identité",
        "eid",
        "belgian id",
        "belgian identity",
        "kaartnummer",
        "numéro de carte",
        "belgian eid",
        "eid card",
    ),
    fields=("gov_id",),
)
