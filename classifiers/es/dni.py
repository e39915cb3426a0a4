"""National identity number of Spain (DNI): eight digits and a letter modulo 23.

>>> verify("54362315-K")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.es import dni

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(dni.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="es.dni",
    category="pi_gov_id",
    entity="ES_DNI",
    patterns=(Pattern("9 characters", word(rf"[0-9]{{8}}{GAP}[A-HJ-NP-TV-Z]"), 0.3),),
    verify=verify,
    context=(
        "dni",
        "documento nacional de identidad",
        "nif",
        "d.n.i.",
    ),
    fields=("gov_id",),
)
