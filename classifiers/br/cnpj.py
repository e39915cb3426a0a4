"""Cadastro Nacional da Pessoa Jurídica of Brazil.

Of companies: twelve digits (letters from July 2026) and two checks. Trade data.

>>> verify("16.727.230/0001-97")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.br import cnpj

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric, word


def verify(text: str) -> Verdict:
    """Whether both checks hold; only the dotted form is rare enough to confirm."""
    return checked(cnpj.is_valid(compact(text)) and not text.isdigit())


DETECTOR: Final = Detector(
    name="br.cnpj",
    category="biz_trade_doc",
    entity="BR_CNPJ",
    patterns=(
        Pattern("dotted", word(r"[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-[0-9]{2}"), 0.7),
        Pattern("joined", numeric("[0-9]{14}"), 0.1),
    ),
    verify=verify,
    strong=True,
    context=(
        "cnpj",
        "pessoa jurídica",
    ),
)
