"""Social insurance number of Austria.

Versicherungsnummer; three digits, a check, birth date DDMMYY.

>>> verify("1237 010180")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.at import vnr

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(vnr.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="at.vnr",
    category="pi_gov_id",
    entity="AT_VNR",
    patterns=(Pattern("10 digits", numeric("[1-9][0-9]{3} ?[0-3][0-9][01][0-9]{3}"), 0.2),),
    verify=verify,
    born=birth("DDMMYY", 4),
    context=(
        "versicherungsnummer",
        "sozialversicherungsnummer",
        "svnr",
        "sv-nummer",
        "vnr",
    ),
    fields=("gov_id",),
)
