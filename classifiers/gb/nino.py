"""National insurance number of the United Kingdom: two letters, six digits, A to D. No check.

D, F, I, Q, U and V stand in neither place, O not in the second; BG, GB, KN, NK, NT, TN, ZZ are
not issued.

>>> verify("AB123456C")
<Verdict.LIKELY: 'likely'>
>>> verify("GB123456A")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

import re
from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import compact, word

_NOT_ISSUED: Final = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})

_ISSUED: Final = re.compile("[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]")


def verify(text: str) -> Verdict:
    """There is no check; letters that are never issued say little, as in numbers for show."""
    number = compact(text)
    issued = number[:2] not in _NOT_ISSUED and _ISSUED.fullmatch(number)
    return Verdict.LIKELY if issued else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="gb.nino",
    category="pi_gov_id",
    entity="UK_NINO",
    patterns=(
        Pattern(
            "9 characters",
            word("[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"),
            0.6,
        ),
        Pattern("any letters", word("[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-Z]"), 0.1),
    ),
    verify=verify,
    strong=True,
    context=(
        "nino",
        "ni number",
        "national insurance",
        "nat ins",
        "ni no",
    ),
    fields=("gov_id",),
)
