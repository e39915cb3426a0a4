"""Citizen card of Portugal (cartão de cidadão): eight digits, a check, two characters, a check.

>>> verify("00000000 0 ZZ4")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.pt import cc

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(cc.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="pt.cc",
    category="pi_gov_id",
    entity="PT_CC",
    patterns=(Pattern("12 characters", word("[0-9]{8} ?[0-9] ?[A-Z0-9]{2}[0-9]"), 0.3),),
    verify=verify,
    context=(
        "cartão de cidadão",
        "cartao de cidadao",
        "citizen card",
        "bilhete de identidade",
        "cc",
    ),
    fields=("gov_id",),
)
