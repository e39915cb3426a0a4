"""Tax identification number of Germany.

Steuer-IdNr.; eleven digits, one repeated, ISO 7064 MOD 11,10.

>>> verify("36 574 261 809")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.de import idnr

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(idnr.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="de.idnr",
    category="pi_gov_id",
    entity="DE_IDNR",
    patterns=(
        Pattern(
            "11 digits", numeric(rf"[1-9][0-9]{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}"), 0.1
        ),
    ),
    verify=verify,
    context=(
        "steuer-id",
        "steueridentifikationsnummer",
        "steuer-idnr",
        "idnr",
        "steuerliche",
        "identifikationsnummer",
        "tax id",
        "steuernummer",
    ),
    fields=("gov_id",),
)
