"""Tax file number of Australia: eight or nine digits, weighted sum divisible by 11.

>>> verify("123 456 782")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.au import tfn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(tfn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="au.tfn",
    category="pi_gov_id",
    entity="AU_TFN",
    patterns=(Pattern("grouped", numeric(rf"[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{2,3}}"), 0.1),),
    verify=verify,
    context=(
        "tfn",
        "tax file number",
        "tax file no",
        "tax number",
        "tax no",
    ),
    fields=("gov_id",),
)
