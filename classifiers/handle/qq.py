"""QQ number: five to eleven digits, the first not zero. No check.

>>> verify("12345678")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="handle.qq",
    category="pi_account",
    entity="QQ_NUMBER",
    patterns=(Pattern("number", numeric("[1-9][0-9]{4,10}"), 0.05),),
    verify=verify,
    context=(
        "qq",
        "qq号",
        "扣扣",
        "企鹅号",
        "qq群",
        "qq no",
    ),
    fields=("username",),
)
