"""Identity number of Israel (mispar zehut): up to nine digits, Luhn.

>>> verify("3933742-3")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.il import idnr

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(idnr.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="il.id_number",
    category="pi_gov_id",
    entity="IL_ID_NUMBER",
    patterns=(Pattern("9 digits", numeric("[0-9]{7,8}-?[0-9]"), 0.05),),
    verify=verify,
    context=(
        "תעודת זהות",
        "ת.ז",
        "מספר זהות",
        "teudat zehut",
        "mispar zehut",
        "israeli id",
    ),
    fields=("gov_id",),
)
