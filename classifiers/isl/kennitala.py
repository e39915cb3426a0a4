"""Kennitala of Iceland: birth date, two digits, check, century; persons and organisations.

>>> verify("450401-3150")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("120174-3399")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.is_ import kennitala

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(kennitala.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="isl.kennitala",
    category="pi_gov_id",
    entity="IS_KENNITALA",
    patterns=(
        Pattern("dashed", numeric("[0-7][0-9][01][0-9]{3}-[0-9]{3}[890]"), 0.4),
        Pattern("joined", numeric("[0-7][0-9][01][0-9]{6}[890]"), 0.1),
    ),
    verify=verify,
    born=birth("DDMMYY", century=(9, {"8": 1800, "9": 1900, "0": 2000}), days=(0, 40)),
    strong=True,
    context=(
        "kennitala",
        "kt.",
        "kt",
        "icelandic id",
        "icelandic",
    ),
    fields=("gov_id",),
)
