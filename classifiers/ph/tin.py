"""Taxpayer number of the Philippines.

Nine digits, then perhaps a branch of three to five. No check is applied (BIR's is unpublished).

>>> verify("123-456-789-000")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("123-456-789")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="ph.tin",
    category="pi_gov_id",
    entity="PH_TIN",
    patterns=(
        Pattern(
            "grouped",
            numeric(rf"[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}(?:{GAP}[0-9]{{3,5}})?"),
            0.1,
        ),
    ),
    verify=verify,
    context=(
        "tin",
        "tax identification",
        "taxpayer",
        "bir",
        "tax id",
        "tax no",
        "tax number",
        "philippine tin",
        "bir tin",
    ),
    fields=("gov_id",),
)
