"""National identity card of Senegal.

Sex 1 or 2, then twelve to sixteen digits (13 to 17 in all). No published check.

>>> verify("1 234 1990 01234")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="sn.cni",
    category="pi_gov_id",
    entity="SN_CNI",
    patterns=(
        Pattern("card", numeric(rf"[12]{GAP}[0-9]{{3}}{GAP}[0-9]{{4}}{GAP}[0-9]{{5,9}}"), 0.1),
    ),
    verify=verify,
    context=(
        "numero cni",
        "cedeao",
        "senegalese id",
        "senegal id",
        "senegal national id",
    ),
    fields=("gov_id",),
)
