"""Tax number of Austria: office, serial and check digit, nine digits written 59-119/9013.

>>> verify("59-119/9013")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.at import tin

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(tin.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="at.tin",
    category="pi_gov_id",
    entity="AT_TIN",
    patterns=(Pattern("grouped", numeric("[0-9]{2}[ -]?[0-9]{3}[ /]?[0-9]{4}"), 0.1),),
    verify=verify,
    context=(
        "steuernummer",
        "abgabenkontonummer",
        "st.-nr",
        "steuer-nr",
        "austrian tax",
        "tax number",
        "tax id",
    ),
    fields=("gov_id",),
)
