"""Tax reference number of South Africa: ten digits beginning with 0, 1, 2, 3 or 9, Luhn.

>>> verify("0001339050")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.za import tin

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(tin.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="za.tax_number",
    category="pi_gov_id",
    entity="ZA_TAX_NUMBER",
    patterns=(
        Pattern(
            "10 digits", numeric(rf"[01239][0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{2}}{GAP}[0-9]"), 0.1
        ),
    ),
    verify=verify,
    context=(
        "tax number",
        "tax reference",
        "sars",
        "income tax",
        "tax no",
        "tax ref",
        "tin",
    ),
    fields=("gov_id",),
)
