"""Pension insurance number of Russia.

СНИЛС; 3-3-3 digits and two checks, weights 9 to 1 modulo 101.

>>> verify("112-233-445 95")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from classifiers.checksums import weighted
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the checks hold."""
    digits = compact(text)
    holds = weighted(digits[:9], range(9, 0, -1)) % 101 % 100 == int(digits[9:])
    return checked(holds)


DETECTOR: Final = Detector(
    name="ru.snils",
    category="pi_gov_id",
    entity="RU_SNILS",
    patterns=(
        Pattern("grouped", numeric("[0-9]{3}-[0-9]{3}-[0-9]{3}[ -][0-9]{2}"), 0.6),
        Pattern("joined", numeric("[0-9]{11}"), 0.05),
    ),
    verify=verify,
    strong=True,
    context=(
        "снилс",
        "snils",
        "страховой номер",
        "пенсионное",
    ),
    fields=("gov_id",),
)
