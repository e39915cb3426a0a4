"""Identity card of Brazil (RG): eight or nine digits by state, the last also X, no common check.

>>> verify("12.345.678-9")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """The states' checks differ: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="br.rg",
    category="pi_gov_id",
    entity="BR_RG",
    patterns=(Pattern("dotted", word(r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-?[0-9X]"), 0.1),),
    verify=verify,
    context=(
        "rg",
        "registro geral",
        "carteira de identidade",
        "identidade",
    ),
    fields=("gov_id",),
)
