"""Individual Healthcare Identifier of Australia: 800360 and ten digits, Luhn (AS 5017).

>>> verify("8003 6016 6666 6701")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("8003608166690503")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import luhn
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the Luhn check holds."""
    return checked(luhn(compact(text)))


DETECTOR: Final = Detector(
    name="au.ihi",
    category="spi_health",
    entity="AU_IHI",
    patterns=(
        Pattern("16 digits", numeric(rf"8003{GAP}60[0-9]{{2}}{GAP}[0-9]{{4}}{GAP}[0-9]{{4}}"), 0.5),
    ),
    verify=verify,
    strong=True,
    context=(
        "ihi",
        "healthcare identifier",
        "health identifier",
    ),
    fields=(
        "gov_id",
        "health",
    ),
)
