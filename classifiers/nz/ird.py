"""Inland Revenue number of New Zealand: eight or nine digits, two-pass check modulo 11.

>>> verify("49-091-850")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.nz import ird

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(ird.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="nz.ird",
    category="pi_gov_id",
    entity="NZ_IRD",
    patterns=(Pattern("grouped", numeric(rf"[0-9]{{2,3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}"), 0.1),),
    verify=verify,
    context=(
        "ird",
        "ird number",
        "ird no",
        "inland revenue",
        "tax number",
        "tax no",
        "tax id",
    ),
    fields=("gov_id",),
)
