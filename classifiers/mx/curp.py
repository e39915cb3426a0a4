"""CURP of Mexico: 18 characters with birth date, sex, state and check digit.

>>> verify("BOXW310820HNERXN09")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.mx import curp

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(curp.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="mx.curp",
    category="pi_gov_id",
    entity="MX_CURP",
    patterns=(
        Pattern(
            "18 characters",
            word("[A-Z]{4}[0-9]{2}[01][0-9][0-3][0-9][HMX][A-Z]{5}[0-9A-Z][0-9]"),
            0.6,
        ),
    ),
    verify=verify,
    born=birth("YYMMDD", 4),
    strong=True,
    context=(
        "curp",
        "registro de población",
        "mexican",
    ),
    fields=("gov_id",),
)
