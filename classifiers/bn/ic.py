"""Identity card of Brunei: 00, 01, 30 to 31, 50 to 51 and so on, then six digits. No check.

>>> verify("00-123456")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="bn.ic",
    category="pi_gov_id",
    entity="BN_IC",
    patterns=(Pattern("card", numeric("[0-9]{2}-?[0-9]{6}"), 0.05),),
    verify=verify,
    context=(
        "kad pengenalan",
        "bruic",
        "smart identity",
        "brunei id",
        "brunei identity",
        "brunei ic",
    ),
    fields=("gov_id",),
)
