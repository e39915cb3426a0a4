"""National insurance number of the United Kingdom: two letters, six digits, A to D. No check.

D, F, I, Q, U and V stand in neither place, O not in the second; BG, GB, KN, NK, NT, TN, ZZ are
not issued.

>>> verify("AB123456C")
<Verdict.LIKELY: 'likely'>
>>> verify("GB123456A")
<Verdict.REFUTED: 'refuted'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import compact, word

_NOT_ISSUED: Final = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})


def verify(text: str) -> Verdict:
    """There is no check; a prefix that is never issued refutes."""
    return Verdict.REFUTED if compact(text)[:2] in _NOT_ISSUED else Verdict.LIKELY


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
