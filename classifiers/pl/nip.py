"""Tax number NIP of Poland: ten digits, weighted check modulo 11.

>>> verify("8567346215")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.pl import nip

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(nip.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="pl.nip",
    category="pi_gov_id",
    entity="PL_NIP",
    patterns=(Pattern("10 digits", numeric("[0-9]{3}-?[0-9]{2,3}-?[0-9]{2}-?[0-9]{2,3}"), 0.1),),
    verify=verify,
    context=(
        "nip",
        "numer nip",
        "nr nip",
        "identyfikacji podatkowej",
        "polish tax",
        "tax number",
    ),
    fields=("gov_id",),
)
