"""Business and tax number of Senegal.

NINEA; seven or nine digits with a check modulo 10, and a tax code (COFI).

>>> verify("306 7221")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("30672212G2")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.sn import ninea

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(ninea.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="sn.ninea",
    category="biz_trade_doc",
    entity="SN_NINEA",
    patterns=(
        Pattern(
            "number",
            numeric(rf"[0-9]{{3}}{GAP}[0-9]{{4}}(?:[0-9]{{2}})?(?:{GAP}[0-2][A-Z][0-9])?"),
            0.1,
        ),
    ),
    verify=verify,
    context=(
        "ninea",
        "cofi",
        "identification fiscale",
    ),
)
