"""Personal number of a foreigner in Bulgaria (ЛНЧ): ten digits, weighted check.

>>> verify("7111042925")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.bg import pnf

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(pnf.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="bg.lnch",
    category="pi_gov_id",
    entity="BG_LNCH",
    patterns=(Pattern("10 digits", numeric("[0-9]{10}"), 0.05),),
    verify=verify,
    context=(
        "лнч",
        "lnch",
        "личен номер на чужденец",
        "foreigner",
        "чужденец",
    ),
    fields=("gov_id",),
)
