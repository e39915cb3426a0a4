"""Medicare beneficiary identifier of the United States (CMS): eleven characters.

Digit, letter, letter or digit, digit, twice; letters leave out S, L, O, I, B and Z.

>>> verify("1EG4-TE5-MK73")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """The shape is rare; there is no check."""
    return Verdict.LIKELY


DETECTOR: Final = Detector(
    name="us.mbi",
    category="spi_health",
    entity="US_MBI",
    patterns=(
        Pattern(
            "11 characters",
            word(
                "[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]-?[AC-HJKMNP-RT-Y]"
                "[0-9AC-HJKMNP-RT-Y][0-9]-?[AC-HJKMNP-RT-Y]{2}[0-9]{2}"
            ),
            0.5,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "mbi",
        "medicare beneficiary",
        "medicare number",
        "medicare id",
        "medicare",
        "mbi:",
    ),
)
