"""RUN and RUT of Chile: seven or eight digits and a check modulo 11, 0-9 or K.

>>> verify("76086428-5")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("12.531.909-2")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.cl import rut

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(rut.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="cl.rut",
    category="pi_gov_id",
    entity="CL_RUT",
    patterns=(Pattern("dotted", word(r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-?[0-9K]"), 0.3),),
    verify=verify,
    context=(
        "rut",
        "run",
        "rol único",
        "rol unico",
        "cédula",
    ),
    fields=("gov_id",),
)
