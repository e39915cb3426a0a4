"""Taxpayer number of Russia (ИНН).

Ten digits for organisations, twelve for persons, with one or two checks modulo 11.

>>> verify("123456789047")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.ru import inn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(inn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ru.inn",
    category="pi_gov_id",
    entity="RU_INN",
    patterns=(Pattern("number", numeric("[0-9]{10}(?:[0-9]{2})?"), 0.1),),
    verify=verify,
    context=(
        "инн",
        "inn",
        "налогоплательщик",
        "налоговый номер",
    ),
    fields=("gov_id",),
)
