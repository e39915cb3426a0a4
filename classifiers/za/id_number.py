"""Identity number of South Africa.

Birth date, four digits of sex and order, citizenship, 8 or 9, Luhn.

>>> verify("7503305044089")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("7503305044088")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum.za import idnr

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(idnr.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="za.id_number",
    category="pi_gov_id",
    entity="ZA_ID_NUMBER",
    patterns=(
        Pattern(
            "13 digits",
            numeric(rf"[0-9]{{2}}[01][0-9][0-3][0-9]{GAP}[0-9]{{4}}{GAP}[01][89]{GAP}[0-9]"),
            0.3,
        ),
    ),
    verify=verify,
    born=birth("YYMMDD"),
    strong=True,
    context=(
        "id number",
        "identity number",
        "south african id",
        "rsa id",
        "sa id",
        "id no",
        "identity no",
        "national id",
        "said",
    ),
    fields=("gov_id",),
)
