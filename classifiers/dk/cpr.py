"""Personal number of Denmark (CPR).

Birth date DDMMYY, four digits. The check modulo 11 is no longer kept.

>>> verify("211062-5629")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.dk import cpr

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(cpr.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="dk.cpr",
    category="pi_gov_id",
    entity="DK_CPR",
    patterns=(Pattern("10 digits", numeric("[0-3][0-9][01][0-9]{3}-?[0-9]{4}"), 0.1),),
    verify=verify,
    born=birth("DDMMYY"),
    context=(
        "cpr",
        "cpr-nummer",
        "personnummer",
        "cpr-nr",
        "personal number",
    ),
    fields=("gov_id",),
)
