"""Basic pension number of Japan: four and six digits, no check.

>>> verify("1234-567890")
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
    name="jp.pension_number",
    category="pi_gov_id",
    entity="JP_PENSION_NUMBER",
    patterns=(Pattern("10 digits", numeric("[0-9]{4}-?[0-9]{6}"), 0.05),),
    verify=verify,
    context=(
        "基礎年金番号",
        "年金番号",
        "年金手帳",
        "pension number",
        "basic pension",
    ),
    fields=("gov_id",),
)
