"""Tax PIN of Kenya (KRA).

A for persons or P for others, nine digits, a letter. The check is not published.

>>> verify("A004416331M")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="ke.kra_pin",
    category="pi_gov_id",
    entity="KE_KRA_PIN",
    patterns=(Pattern("PIN", word("[AP][0-9]{9}[A-Z]"), 0.5),),
    verify=verify,
    context=(
        "kra",
        "kra pin",
        "pin no",
        "pin number",
        "tax pin",
        "tax id",
        "pin certificate",
        "taxpayer",
        "pin:",
        "pin",
        "kenya revenue pin",
    ),
    fields=("gov_id",),
)
