"""Identity number of Türkiye (T.C. Kimlik No): eleven digits with two checks.

>>> verify("17291716060")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.tr import tckimlik

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(tckimlik.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="tr.tckn",
    category="pi_gov_id",
    entity="TR_TCKN",
    patterns=(Pattern("11 digits", numeric("[1-9][0-9]{10}"), 0.1),),
    verify=verify,
    context=(
        "kimlik",
        "tc kimlik",
        "t.c. kimlik",
        "tckn",
        "tc no",
        "kimlik no",
    ),
    fields=("gov_id",),
)
