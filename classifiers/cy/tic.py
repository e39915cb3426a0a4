"""Tax identification code of Cyprus: eight digits and a check letter.

>>> verify("10259033P")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.cy import vat

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(vat.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="cy.tic",
    category="pi_gov_id",
    entity="CY_TIC",
    patterns=(Pattern("9 characters", word("[0-9]{8}[A-Z]"), 0.2),),
    verify=verify,
    context=(
        "tic",
        "tax identification",
        "αριθμός φορολογικού",
        "φορολογικής",
        "vat",
    ),
    fields=("gov_id",),
)
