"""Establishment number SIRET of France: SIREN and five digits, Luhn.

>>> verify("73282932000074")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.fr import siret

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(siret.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="fr.siret",
    category="biz_trade_doc",
    entity="FR_SIRET",
    patterns=(Pattern("14 digits", numeric(groups(3, 3, 3, 5)), 0.1),),
    verify=verify,
    context=(
        "siret",
        "n° siret",
        "siret number",
    ),
)
