"""Personal number of Sweden: birth date, dash (plus over 100 years), three digits, Luhn.

>>> verify("880320-0016")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import birth
from classifiers.checksums import luhn
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, is_short_date, numeric


def verify(text: str) -> Verdict:
    """Whether date and Luhn check hold."""
    digits = compact(text)[-10:]
    return checked(is_short_date(digits[:6]) and luhn(digits))


DETECTOR: Final = Detector(
    name="se.personnummer",
    category="pi_gov_id",
    entity="SE_PERSONNUMMER",
    patterns=(
        Pattern("dashed", numeric(r"(?:19|20)?[0-9]{2}[01][0-9][0-9]{2}[-+][0-9]{4}"), 0.4),
        Pattern("joined", numeric("(?:19|20)[0-9]{2}[01][0-9][0-9]{6}"), 0.1),
    ),
    verify=verify,
    born=birth("YYMMDD", -10, days=(0, 60)),
    strong=True,
    context=(
        "personnummer",
        "personnr",
        "samordningsnummer",
        "personal number",
        "pnr",
    ),
    fields=("gov_id",),
)
