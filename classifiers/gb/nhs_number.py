"""NHS number of England, Wales and the Isle of Man: ten digits, 3-3-4, check modulo 11.

>>> verify("943-476-5870")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.gb import nhs

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(nhs.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="gb.nhs_number",
    category="spi_health",
    entity="UK_NHS",
    patterns=(Pattern("10 digits", numeric(groups(3, 3, 4)), 0.1),),
    verify=verify,
    context=(
        "nhs",
        "nhs number",
        "nhs no",
        "national health service",
        "health number",
    ),
    fields=(
        "gov_id",
        "health",
    ),
)
