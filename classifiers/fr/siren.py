"""Company number SIREN of France: nine digits, Luhn.

>>> verify("552 008 443")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.fr import siren

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(siren.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="fr.siren",
    category="biz_trade_doc",
    entity="FR_SIREN",
    patterns=(Pattern("9 digits", numeric(groups(3, 3, 3)), 0.05),),
    verify=verify,
    context=(
        "siren",
        "n° siren",
        "siren number",
        "rcs",
    ),
)
