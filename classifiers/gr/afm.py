"""Tax number of Greece (ΑΦΜ): nine digits, check modulo 11.

>>> verify("094259216")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.gr import vat

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(vat.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="gr.afm",
    category="pi_gov_id",
    entity="GR_AFM",
    patterns=(Pattern("9 digits", numeric("[0-9]{9}"), 0.05),),
    verify=verify,
    context=(
        "αφμ",
        "afm",
        "φορολογικού",
        "tax number",
        "α.φ.μ.",
    ),
    fields=("gov_id",),
)
