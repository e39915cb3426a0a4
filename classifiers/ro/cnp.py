"""Personal code of Romania (CNP): sex and century, birth date, county, three, a check modulo 11.

>>> verify("1630615123457")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.ro import cnp

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(cnp.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ro.cnp",
    category="pi_gov_id",
    entity="RO_CNP",
    patterns=(Pattern("13 digits", numeric("[1-9][0-9]{2}[01][0-9][0-3][0-9]{7}"), 0.2),),
    verify=verify,
    born=birth("YYMMDD", 1, century=(0, {"1": 1900, "2": 1900, "3": 1800, "4": 1800})),
    context=(
        "cnp",
        "cod numeric personal",
        "codul numeric",
    ),
    fields=("gov_id",),
)
