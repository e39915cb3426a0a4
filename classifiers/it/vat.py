"""Partita IVA of Italy: eleven digits, Luhn.

>>> verify("00743110157")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.it import iva

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(iva.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="it.vat",
    category="biz_trade_doc",
    entity="IT_VAT",
    patterns=(Pattern("11 digits", word("(?:IT)?[0-9]{11}"), 0.1),),
    verify=verify,
    context=(
        "partita iva",
        "p.iva",
        "p. iva",
        "p iva",
        "piva",
        "italian vat",
        "vat number",
        "iva",
    ),
)
