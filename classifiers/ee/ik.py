"""Personal code of Estonia and Lithuania.

Isikukood, asmens kodas; sex and century, birth date, three, check modulo 11.

>>> verify("36805280109")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.ee import ik

from classifiers.births import ONE_TO_SIX, birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(ik.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ee.ik",
    category="pi_gov_id",
    entity="EE_IK",
    patterns=(Pattern("11 digits", numeric("[1-8][0-9]{2}[01][0-9][0-3][0-9]{5}"), 0.2),),
    verify=verify,
    born=birth("YYMMDD", 1, century=(0, ONE_TO_SIX)),
    context=(
        "isikukood",
        "asmens kodas",
        "asmens",
        "personal code",
        "id kood",
        "estonian id",
        "estonian personal",
        "isikukood:",
    ),
    fields=("gov_id",),
)
