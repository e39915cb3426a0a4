"""Foreigner's number of Spain (NIE): X, Y or Z, seven digits, a letter modulo 23.

>>> verify("X-2482300W")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.es import nie

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(nie.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="es.nie",
    category="pi_gov_id",
    entity="ES_NIE",
    patterns=(Pattern("9 characters", word(rf"[XYZ]{GAP}[0-9]{{7}}{GAP}[A-HJ-NP-TV-Z]"), 0.5),),
    verify=verify,
    strong=True,
    context=(
        "nie",
        "número de identidad de extranjero",
        "extranjero",
    ),
    fields=("gov_id",),
)
