"""Tax number of a company in Spain: letter, seven digits, check digit or letter.

>>> verify("A13585625")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.es import cif

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(cif.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="es.cif",
    category="biz_trade_doc",
    entity="ES_CIF",
    patterns=(Pattern("9 characters", word("[ABCDEFGHJNPQRSUVW]-?[0-9]{7}-?[0-9A-J]"), 0.2),),
    verify=verify,
    context=(
        "cif",
        "c.i.f",
        "nif empresa",
        "código de identificación fiscal",
        "identificación fiscal",
        "razón social",
    ),
)
