"""Fiscal number of Algeria (NIF): fifteen or twenty digits. No check. Trade data.

>>> verify("408 020 000 150 039")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.dz import nif

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import GAP, checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(nif.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="dz.nif",
    category="biz_trade_doc",
    entity="DZ_NIF",
    patterns=(
        Pattern(
            "number",
            numeric(
                rf"[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}"
                rf"(?:[0-9]{{5}})?"
            ),
            0.1,
        ),
    ),
    verify=verify,
    context=(
        "nif",
        "identification fiscale",
        "numéro fiscal",
        "الرقم الجبائي",
        "رقم التعريف الجبائي",
    ),
)
