"""Birth number of Norway (fødselsnummer): DDMMYY, three, two checks modulo 11.

>>> verify("151086 95088")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.no import fodselsnummer

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(fodselsnummer.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="no.fodselsnummer",
    category="pi_gov_id",
    entity="NO_FODSELSNUMMER",
    patterns=(Pattern("11 digits", numeric("[0-7][0-9][0-9]{4} ?[0-9]{5}"), 0.1),),
    verify=verify,
    born=birth("DDMMYY", months={0: 2000, 40: 2000, 80: 2000}, days=(0, 40)),
    context=(
        "fødselsnummer",
        "fodselsnummer",
        "personnummer",
        "fnr",
        "d-nummer",
        "birth number",
        "fødselsnr",
        "fodselsnr",
        "norwegian id",
    ),
    fields=("gov_id",),
)
