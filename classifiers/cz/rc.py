"""Birth number of Czechia and Slovakia.

Rodné číslo; birth date with 50 added to the month for women, three or four, modulo 11.

>>> verify("710319/2745")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.cz import rc

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(rc.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="cz.rc",
    category="pi_gov_id",
    entity="CZ_RC",
    patterns=(Pattern("9 or 10 digits", numeric("[0-9]{2}[0-8][0-9][0-3][0-9]/?[0-9]{3,4}"), 0.1),),
    verify=verify,
    born=birth("YYMMDD", months={0: 2000, 20: 2000, 50: 2000, 70: 2000}),
    context=(
        "rodné číslo",
        "rodne cislo",
        "rodného čísla",
        "birth number",
        "rč",
        "r.č.",
    ),
    fields=("gov_id",),
)
