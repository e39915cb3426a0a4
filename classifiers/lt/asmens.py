"""Personal code of Lithuania: century and sex, birth date, serial, weighted check.

>>> verify("33309240064")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.lt import asmens

from classifiers.births import ONE_TO_SIX, birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(asmens.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="lt.asmens",
    category="pi_gov_id",
    entity="LT_ASMENS_KODAS",
    patterns=(Pattern("11 digits", numeric("[1-8][0-9]{2}[01][0-9][0-3][0-9]{5}"), 0.2),),
    verify=verify,
    born=birth("YYMMDD", 1, century=(0, ONE_TO_SIX)),
    context=(
        "asmens kodas",
        "asmens",
        "a.k.",
        "lithuanian",
        "personal code",
    ),
    fields=("gov_id",),
)
