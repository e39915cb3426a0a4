"""Tax number of Ghana: P, C, G, Q or V, 00, eight characters, the last a check modulo 11.

>>> verify("C0000803561")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.gh import tin

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(tin.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="gh.tin",
    category="pi_gov_id",
    entity="GH_TIN",
    patterns=(Pattern("11 characters", word("[PCGQV]00[0-9A-Z]{7}[0-9X]"), 0.5),),
    verify=verify,
    strong=True,
    context=(
        "tin",
        "tax identification",
        "gra",
        "tax id",
        "tax number",
    ),
    fields=("gov_id",),
)
