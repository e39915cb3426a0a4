"""Personal number of Serbia and its neighbours (JMBG): DDMMYYY, region, order, check modulo 11.

>>> verify("0101006500006")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from datetime import date
from typing import Final

from stdnum.si import emso

from classifiers.births import written
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(emso.is_valid(compact(text)))


def born(text: str) -> date | None:
    """Day, month, and the last three digits of the year."""
    number = compact(text)
    if len(number) != 13 or not number.isdecimal():
        return None
    year = int(number[4:7])
    return written(year + (1000 if year > 800 else 2000), int(number[2:4]), int(number[:2]))


DETECTOR: Final = Detector(
    name="rs.jmbg",
    category="pi_gov_id",
    entity="RS_JMBG",
    patterns=(Pattern("13 digits", numeric("[0-3][0-9][01][0-9][09][0-9]{2}[0-9]{6}"), 0.4),),
    verify=verify,
    born=born,
    strong=True,
    context=(
        "jmbg",
        "јмбг",
        "matični broj",
        "maticni broj",
        "serbian id",
    ),
    fields=("gov_id",),
)
