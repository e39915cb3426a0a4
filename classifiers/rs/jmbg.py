"""Personal number of Serbia and its neighbours (JMBG): DDMMYYY, region, order, check modulo 11.

>>> verify("0101006500006")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.si import emso

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(emso.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="rs.jmbg",
    category="pi_gov_id",
    entity="RS_JMBG",
    patterns=(Pattern("13 digits", numeric("[0-3][0-9][01][0-9][09][0-9]{2}[0-9]{6}"), 0.4),),
    verify=verify,
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
