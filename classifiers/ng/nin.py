"""National identification number of Nigeria.

Eleven digits. A Verhoeff check is reported but unproven: it confirms, never refutes.

>>> verify("12345678901")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum import verhoeff

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether Verhoeff's check holds."""
    return checked(verhoeff.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ng.nin",
    category="pi_gov_id",
    entity="NG_NIN",
    patterns=(
        Pattern("11 digits", numeric(rf"[1-9][0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{4}}"), 0.1),
    ),
    verify=verify,
    context=(
        "nin",
        "national identification number",
        "nimc",
        "nin number",
        "nigerian nin",
        "nigerian id",
        "nigeria national id",
    ),
    fields=("gov_id",),
)
