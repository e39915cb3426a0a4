"""Common enterprise identifier of Morocco (ICE): fifteen digits, MOD 97. Trade data.

>>> verify("001561191000066")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.ma import ice

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(ice.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="ma.ice",
    category="biz_trade_doc",
    entity="MA_ICE",
    patterns=(Pattern("15 digits", numeric("[0-9]{15}"), 0.1),),
    verify=verify,
    context=(
        "ice",
        "identifiant commun",
        "identifiant commun de l'entreprise",
    ),
)
