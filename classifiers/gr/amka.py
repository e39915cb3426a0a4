"""Social security number of Greece (ΑΜΚΑ): birth date DDMMYY, four, Luhn.

>>> verify("01013099997")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.gr import amka

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(amka.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="gr.amka",
    category="pi_gov_id",
    entity="GR_AMKA",
    patterns=(Pattern("11 digits", numeric("[0-3][0-9][01][0-9]{8}"), 0.1),),
    verify=verify,
    born=birth("DDMMYY"),
    context=(
        "αμκα",
        "amka",
        "κοινωνικής ασφάλισης",
    ),
    fields=("gov_id",),
)
