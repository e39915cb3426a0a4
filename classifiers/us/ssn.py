"""Social security number of the United States.

3-2-4 digits; 000, 666, 9xx, group 00 and serial 0000 are not issued. No check.

>>> verify("536-90-4399")
<Verdict.LIKELY: 'likely'>
>>> verify("536904399")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum.us import ssn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import compact, numeric


def verify(text: str) -> Verdict:
    """What was never issued is refuted; only the dashed form is rare enough to be likely."""
    if not ssn.is_valid(compact(text)):
        return Verdict.REFUTED
    return Verdict.LIKELY if "-" in text else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="us.ssn",
    category="pi_gov_id",
    entity="US_SSN",
    patterns=(
        Pattern("dashed", numeric("[0-8][0-9]{2}[- ][0-9]{2}[- ][0-9]{4}"), 0.5),
        Pattern("joined", numeric("[0-8][0-9]{8}"), 0.05),
    ),
    verify=verify,
    strong=True,
    context=(
        "ssn",
        "social security",
        "soc sec",
        "social security number",
        "ss#",
        "social",
    ),
    fields=("gov_id",),
)
