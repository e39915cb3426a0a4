"""Taxpayer number of Portugal (NIF): nine digits, check modulo 11.

>>> verify("501 964 843")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.pt import nif

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(nif.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="pt.nif",
    category="pi_gov_id",
    entity="PT_NIF",
    patterns=(Pattern("9 digits", numeric(groups(3, 3, 3)), 0.05),),
    verify=verify,
    context=(
        "nif",
        "contribuinte",
        "número de identificação fiscal",
        "nº contribuinte",
        "numero de contribuinte",
    ),
    fields=("gov_id",),
)
