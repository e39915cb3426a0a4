"""Tax registration number of Egypt: nine digits. No check.

>>> verify("100-531-385")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import groups, numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="eg.tax_number",
    category="pi_gov_id",
    entity="EG_TAX_NUMBER",
    patterns=(Pattern("9 digits", numeric(groups(3, 3, 3)), 0.1),),
    verify=verify,
    context=(
        "الرقم الضريبي",
        "رقم التسجيل الضريبي",
        "ضريبي",
        "tax registration",
        "tax number",
        "tax id",
        "tax no",
        "tax card",
    ),
    fields=("gov_id",),
)
