"""Macao resident identity card (BIR): 1, 5 or 7, six digits, a check digit in brackets.

The check's formula is not published, so the shape alone says little.

>>> verify("1234567(8)")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("51234567")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="mo.bir",
    category="pi_gov_id",
    entity="MO_BIR",
    patterns=(
        Pattern(
            "card", (r"(?<![0-9A-Za-z])[157][0-9]{6} ?(?:\([0-9]\)|/?[0-9](?![0-9A-Za-z]))"), 0.2
        ),
    ),
    verify=verify,
    context=(
        "澳门身份证",
        "澳門",
        "澳门居民",
        "澳門居民身份證",
        "身份證",
        "身份证",
        "macau",
        "macao",
        "bir",
        "bilhete de identidade",
        "id card",
        "identity",
    ),
    fields=("gov_id",),
)
