"""National identity of Bangladesh.

Ten, thirteen or seventeen digits (the last with the birth year first). No published check.

>>> verify("1234567890")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("19901234567890123")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from datetime import date
from typing import Final

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import compact, numeric

_WITH_YEAR: Final = 17
_year: Final = birth("YYYY")


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


def born(text: str) -> date | None:
    """The number of seventeen digits begins with the year."""
    number = compact(text)
    return _year(number) if len(number) == _WITH_YEAR else None


DETECTOR: Final = Detector(
    name="bd.nid",
    category="pi_gov_id",
    entity="BD_NID",
    patterns=(
        Pattern("10 digits", numeric("[0-9]{10}"), 0.05),
        Pattern("13 and 17 digits", numeric("(?:19[0-9]{2}|20[0-9]{2})?[0-9]{13}"), 0.05),
    ),
    verify=verify,
    born=born,
    context=(
        "জাতীয় পরিচয়পত্র",
        "পরিচয়পত্র",
        "bangladesh nid",
        "bangladesh national id",
        "bangladeshi national id",
        "bangladeshi id",
    ),
    fields=("gov_id",),
)
