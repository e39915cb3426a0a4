"""Cadastro de Pessoas Físicas of Brazil: nine digits and two checks modulo 11.

>>> verify("390.533.447-05")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("39053344705")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.br import cpf

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether both checks hold."""
    return checked(cpf.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="br.cpf",
    category="pi_gov_id",
    entity="BR_CPF",
    patterns=(
        Pattern("dotted", numeric(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}"), 0.7),
        Pattern("joined", numeric("[0-9]{11}"), 0.1),
    ),
    verify=verify,
    strong=True,
    context=(
        "cpf",
        "cadastro de pessoas",
        "contribuinte",
    ),
    fields=("gov_id",),
)
