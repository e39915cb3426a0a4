"""National identification number of Luxembourg.

Birth date YYYYMMDD, three digits, Luhn, then Verhoeff.

>>> verify("1893120105732")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum import verhoeff

from classifiers.births import birth
from classifiers.checksums import luhn
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, is_date, numeric


def verify(text: str) -> Verdict:
    """Whether the Luhn and the Verhoeff digit hold."""
    if not is_date(int(text[:4]), int(text[4:6]), int(text[6:8])):
        return Verdict.REFUTED
    return checked(luhn(text[:12]) and verhoeff.is_valid(text[:11] + text[12]))


DETECTOR: Final = Detector(
    name="lu.national_id",
    category="pi_gov_id",
    entity="LU_NATIONAL_ID",
    patterns=(Pattern("13 digits", numeric("(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9]{6}"), 0.3),),
    verify=verify,
    born=birth("YYYYMMDD"),
    strong=True,
    context=(
        "matricule",
        "cns",
        "matricule nationale",
        "numéro d'identification",
        "identification nationale",
    ),
    fields=("gov_id",),
)
