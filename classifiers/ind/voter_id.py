"""Voter card of India (EPIC): three letters and seven digits, Luhn.

>>> verify("WKH1186253")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.in_ import epic

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(epic.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ind.voter_id",
    category="pi_gov_id",
    entity="IN_VOTER_ID",
    patterns=(Pattern("10 characters", word("[A-Z]{3}[0-9]{7}"), 0.2),),
    verify=verify,
    context=(
        "voter id",
        "epic",
        "epic no",
        "epic number",
        "elector",
        "election card",
        "voter card",
        "मतदाता",
    ),
    fields=("gov_id",),
)
