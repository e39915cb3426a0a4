"""Codice fiscale of Italy: sixteen characters of name, birth and place, the last a check.

>>> verify("RCCMNL83S18D969H")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.it import codicefiscale

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(codicefiscale.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="it.codice_fiscale",
    category="pi_gov_id",
    entity="IT_CODICE_FISCALE",
    patterns=(
        Pattern(
            "16 characters",
            word("[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]"),
            0.6,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "codice fiscale",
        "cod. fisc",
        "cod fiscale",
        "c.f.",
        "fiscal code",
        "cf",
    ),
    fields=("gov_id",),
)
