"""CUIT and CUIL of Argentina: eleven digits, weighted check modulo 11.

>>> verify("20-05536168-2")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.ar import cuit

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(cuit.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ar.cuit",
    category="pi_gov_id",
    entity="AR_CUIT",
    patterns=(Pattern("grouped", numeric("(?:2[0-7]|3[034])-?[0-9]{8}-?[0-9]"), 0.2),),
    verify=verify,
    context=(
        "cuit",
        "cuil",
        "cuit/cuil",
        "argentine tax",
    ),
    fields=("gov_id",),
)
