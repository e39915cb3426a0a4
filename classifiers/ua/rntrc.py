"""Taxpayer number of Ukraine (РНОКПП): ten digits, weighted check modulo 11.

>>> verify("1759013776")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from datetime import date
from typing import Final

from stdnum.ua import rntrc

from classifiers.births import days_since
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(rntrc.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ua.rntrc",
    category="pi_gov_id",
    entity="UA_RNTRC",
    patterns=(Pattern("10 digits", numeric("[0-9]{10}"), 0.05),),
    verify=verify,
    born=days_since(date(1899, 12, 31), 0, 5),
    context=(
        "рнокпп",
        "іпн",
        "ідентифікаційний номер",
        "rnokpp",
        "ipn",
    ),
    fields=("gov_id",),
)
