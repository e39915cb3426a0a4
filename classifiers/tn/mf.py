"""Fiscal number of Tunisia (matricule fiscal).

Seven digits, a check letter, and codes. Trade data; persons in business have one.

>>> verify("1234567/M/A/E/001")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("1282182 W")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.tn import mf

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(mf.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="tn.mf",
    category="biz_trade_doc",
    entity="TN_MF",
    patterns=(
        Pattern(
            "number", word(r"[0-9]{7} ?/? ?[A-Z](?: ?/? ?[ABPDN] ?/? ?[CMNPE] ?/? ?[0-9]{3})?"), 0.3
        ),
    ),
    verify=verify,
    context=(
        "matricule fiscal",
        "matricule fiscale",
        "mf",
        "identifiant fiscal",
        "المعرف الجبائي",
    ),
)
