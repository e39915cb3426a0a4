"""Unique taxpayer reference of the United Kingdom: ten digits, the first a check modulo 11.

>>> verify("1955839661")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.gb import utr

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(utr.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="gb.utr",
    category="pi_gov_id",
    entity="UK_UTR",
    patterns=(Pattern("10 digits", numeric(rf"[0-9]{{5}}{GAP}[0-9]{{5}}"), 0.1),),
    verify=verify,
    context=(
        "utr",
        "unique taxpayer",
        "tax reference",
        "self assessment",
        "hmrc",
    ),
    fields=("gov_id",),
)
