"""Fixed-line number of mainland China: area code with its zero, then seven or eight digits.

Two-digit areas (10, 2x) have eight-digit numbers, others seven or eight. 400 and 800 numbers are
companies' and are left out. With the area in brackets or set off by a dash the shape is likely.

>>> verify("010-62345678")
<Verdict.LIKELY: 'likely'>
>>> verify("(0755)26712345")
<Verdict.LIKELY: 'likely'>
>>> verify("01062345678")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric


def verify(text: str) -> Verdict:
    """A written area code makes it likely; digits alone say little."""
    return Verdict.LIKELY if text.startswith("(") or "-" in text[:6] else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="cn.landline",
    category="pi_contact_phone",
    entity="PHONE_NUMBER",
    patterns=(
        Pattern(
            "area and number",
            numeric(
                r"(?:\(0(?:10|2[0-9]|[3-9][0-9]{2})\) ?|0(?:10|2[0-9]|[3-9][0-9]{2})-)[2-8]"
                r"[0-9]{3}[ -]?[0-9]{3,4}(?:(?:-|转| ext )[0-9]{1,5})?"
            ),
            0.4,
        ),
        Pattern("joined", numeric("0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}"), 0.1),
    ),
    verify=verify,
    strong=True,
    context=(
        "电话",
        "電話",
        "座机",
        "固话",
        "传真",
        "联系",
        "tel",
        "phone",
        "fax",
        "landline",
        "dianhua",
    ),
    fields=("phone",),
)
