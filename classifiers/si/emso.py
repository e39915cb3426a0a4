"""Personal number of Slovenia (EMŠO): DDMMYYY, region 50, order, check modulo 11.

>>> verify("0101006500006")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.si import emso

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.rs.jmbg import born
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(emso.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="si.emso",
    category="pi_gov_id",
    entity="SI_EMSO",
    patterns=(Pattern("13 digits", numeric("[0-3][0-9][01][0-9][09][0-9]{2}50[0-9]{4}"), 0.3),),
    verify=verify,
    born=born,
    strong=True,
    context=(
        "emšo",
        "emso",
        "enotna matična",
    ),
    fields=("gov_id",),
)
