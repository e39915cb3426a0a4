"""Social insurance number of Switzerland (AHV): 756, nine digits, an EAN check.

>>> verify("756.9217.0769.85")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.ch import ssn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(ssn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ch.ahv",
    category="pi_gov_id",
    entity="CH_AHV",
    patterns=(Pattern("13 digits", numeric(r"756\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2}"), 0.5),),
    verify=verify,
    strong=True,
    context=(
        "ahv",
        "avs",
        "sozialversicherungsnummer",
        "ahv-nr",
        "numéro avs",
        "navs",
        "oasi",
    ),
    fields=("gov_id",),
)
