"""Uniform civil number of Bulgaria.

ЕГН; birth date with the century in the month, four, check modulo 11.

>>> verify("8032056031")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.bg import egn

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(egn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="bg.egn",
    category="pi_gov_id",
    entity="BG_EGN",
    patterns=(Pattern("10 digits", numeric("[0-9]{2}[0-5][0-9][0-3][0-9]{5}"), 0.1),),
    verify=verify,
    born=birth("YYMMDD", months={0: 1900, 20: 1800, 40: 2000}),
    context=(
        "егн",
        "egn",
        "единен граждански",
        "civil number",
    ),
    fields=("gov_id",),
)
