"""Social security number of France (NIR, INSEE): sex, year, month, place, order, key modulo 97.

>>> verify("2 95 10 99 126 111 93")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.fr import nir

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold; those of persons being registered (3, 4, 7, 8) are rare."""
    number = compact(text)
    return checked(nir.is_valid(number) and (number[0] in "12" or " " in text))


DETECTOR: Final = Detector(
    name="fr.nir",
    category="pi_gov_id",
    entity="FR_NIR",
    patterns=(
        Pattern(
            "15 characters",
            word("[1-478] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}"),
            0.3,
        ),
    ),
    verify=verify,
    born=birth("YYMM", 1),
    strong=True,
    context=(
        "sécurité sociale",
        "securite sociale",
        "nir",
        "insee",
        "numéro de sécu",
        "carte vitale",
        "n° ss",
    ),
    fields=("gov_id",),
)
