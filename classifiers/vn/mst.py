"""Tax code of Viet Nam (mã số thuế): ten digits with a check, or with a branch of three.

>>> verify("0100233488")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("0314409058-002")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.vn import mst

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(mst.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="vn.mst",
    category="pi_gov_id",
    entity="VN_MST",
    patterns=(Pattern("tax code", numeric(rf"[0-9]{{10}}(?:{GAP}[0-9]{{3}})?"), 0.1),),
    verify=verify,
    context=(
        "mst",
        "mã số thuế",
        "ma so thue",
        "tax code",
        "tax id",
        "tax number",
        "tax no",
        "mã số doanh nghiệp",
    ),
    fields=("gov_id",),
)
