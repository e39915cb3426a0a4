"""Permanent account number of India.

Three letters, kind of holder, initial, four digits, check letter (formula not published).

>>> verify("ACUPA7085R")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """There is no check; the shape is rare enough to be likely."""
    return Verdict.LIKELY


DETECTOR: Final = Detector(
    name="ind.pan",
    category="pi_gov_id",
    entity="IN_PAN",
    patterns=(Pattern("10 characters", word("[A-Z]{3}[ABCFGHLJPTK][A-Z][0-9]{4}[A-Z]"), 0.5),),
    verify=verify,
    strong=True,
    context=(
        "pan",
        "permanent account number",
        "income tax",
        "pan card",
        "pan no",
        "पैन",
    ),
    fields=("gov_id",),
)
