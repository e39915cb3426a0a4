"""Passport of mainland China (E-passports from 2012.

Diplomatic, service and public affairs books).

`E` and eight digits, or `E`, a letter other than I and O, and seven digits; P, S, D, G books with
seven or eight. No check outside the machine-readable zone.

>>> verify("E12345678")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("EA1234567")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="cn.passport",
    category="pi_gov_id",
    entity="CN_PASSPORT",
    patterns=(
        Pattern("ordinary", word("E(?:[0-9]{8}|[A-HJ-NP-Z][0-9]{7})"), 0.3),
        Pattern("other", word("(?:G[0-9]{8}|[PSD]E?[0-9]{7,8}|14[0-9]{7}|15[0-9]{7})"), 0.1),
    ),
    verify=verify,
    context=(
        "护照",
        "護照",
        "passport",
        "hu zhao",
        "hzh",
        "旅行证件",
    ),
    fields=("gov_id",),
)
