"""Citizen service number of the Netherlands (BSN): nine digits, weighted check modulo 11.

>>> verify("1112.22.333")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.nl import bsn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(bsn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="nl.bsn",
    category="pi_gov_id",
    entity="NL_BSN",
    patterns=(Pattern("9 digits", numeric(rf"[0-9]{{4}}{GAP}[0-9]{{2}}{GAP}[0-9]{{3}}"), 0.05),),
    verify=verify,
    context=(
        "bsn",
        "burgerservicenummer",
        "sofinummer",
        "sofi-nummer",
        "citizen service",
    ),
    fields=("gov_id",),
)
