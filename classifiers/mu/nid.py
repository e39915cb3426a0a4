"""National identity card of Mauritius: letter, birth date, serial, check character.

>>> verify("M0707831234A")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum.mu import nid

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(nid.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="mu.nid",
    category="pi_gov_id",
    entity="MU_NID",
    patterns=(Pattern("14 characters", word("[A-Z][0-3][0-9][01][0-9]{3}[0-9]{6}[0-9A-Z]"), 0.3),),
    verify=verify,
    born=birth("DDMMYY", 1),
    context=(
        "mauritian",
        "mauritius",
        "mauritian id",
    ),
    fields=("gov_id",),
)
