"""Identity card of Malta.

Seven digits (leading zeros left out) and M, G, A, P, L, H, B or Z. No check.

>>> verify("0123456M")
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
    name="mt.national_id",
    category="pi_gov_id",
    entity="MT_NATIONAL_ID",
    patterns=(Pattern("card", word("[0-9]{3,7}[MGAPLHBZ]"), 0.2),),
    verify=verify,
    context=(
        "karta tal-identita",
        "malta id",
        "maltese",
        "maltese id",
        "malta identity",
    ),
    fields=("gov_id",),
)
