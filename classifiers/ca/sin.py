"""Social insurance number of Canada: nine digits, 3-3-3, Luhn.

>>> verify("123-456-782")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.ca import sin

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(sin.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ca.sin",
    category="pi_gov_id",
    entity="CA_SIN",
    patterns=(Pattern("9 digits", numeric(groups(3, 3, 3)), 0.1),),
    verify=verify,
    context=(
        "sin",
        "social insurance",
        "numéro d'assurance sociale",
        "nas",
        "assurance sociale",
    ),
    fields=("gov_id",),
)
