"""Medicare card of Australia.

2 to 6, eight digits, of which the last checks (1, 3, 7, 9), issue number; perhaps a person's
position.

>>> verify("2123 45670 1")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("2123456701")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the ninth digit holds."""
    digits = compact(text)
    return checked(weighted(digits[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(digits[8]))


DETECTOR: Final = Detector(
    name="au.medicare",
    category="spi_health",
    entity="AU_MEDICARE",
    patterns=(
        Pattern("card", numeric(rf"[2-6][0-9]{{3}}{GAP}[0-9]{{5}}{GAP}[0-9](?:[ /-]?[1-9])?"), 0.2),
    ),
    verify=verify,
    context=(
        "medicare",
        "medicare no",
        "medicare number",
        "medicare card",
    ),
    fields=(
        "gov_id",
        "health",
    ),
)
