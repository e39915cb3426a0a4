"""National number of Belgium (rijksregisternummer): birth date, three, check modulo 97.

>>> verify("85 07 30 033 28")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.be import bis, nn

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(nn.is_valid(compact(text)) or bis.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="be.nn",
    category="pi_gov_id",
    entity="BE_NN",
    patterns=(
        Pattern(
            "11 digits",
            numeric(rf"[0-9]{{2}}{GAP}[0-5][0-9]{GAP}[0-3][0-9]{GAP}[0-9]{{3}}{GAP}[0-9]{{2}}"),
            0.3,
        ),
    ),
    verify=verify,
    born=birth("YYMMDD", months={0: 2000, 20: 2000, 40: 2000}),
    strong=True,
    context=(
        "rijksregisternummer",
        "insz",
        "niss",
        "numéro national",
        "registre national",
        "nationaal nummer",
        "national number",
        "nrn",
        "belgian national",
        "numéro bis",
        "bis number",
        "bis-nummer",
        "national register",
    ),
    fields=("gov_id",),
)
