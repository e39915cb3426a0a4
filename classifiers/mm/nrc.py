"""National registration card of Myanmar.

Region 1-14, township letters, kind in brackets, six digits.

Written in Latin or Burmese script: 12/LAKANA(N)123456, ၁၂/လကန(နိုင်)၁၂၃၄၅၆. No check; the shape
is rare.

>>> verify("12/LAKANA(N)123456")
<Verdict.LIKELY: 'likely'>
>>> verify("၁၂/လကန(နိုင်)၁၂၃၄၅၆")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric


def verify(_text: str) -> Verdict:
    """There is no check; the shape is rare enough to be likely."""
    return Verdict.LIKELY


DETECTOR: Final = Detector(
    name="mm.nrc",
    category="pi_gov_id",
    entity="MM_NRC",
    patterns=(
        Pattern(
            "Latin",
            numeric(
                r"(?:1[0-4]|[1-9]) ?/ ?[A-Z]{4,12} ?\((?:N|NAING|E|P|PYU|T|R|S|THI)\) ?[0-9"
                r"]{6}"
            ),
            0.8,
        ),
        Pattern(
            "Burmese",
            (
                r"(?:[0-9]{1,2}|[၀-၉]{1,2})/[\u1000-\u103f]{3,12}\([\u1000-\u103f]{1,8}\)"
                r"(?:[0-9]{6}|[၀-၉]{6})"
            ),
            0.8,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "nrc",
        "nrc no",
        "national registration",
        "မှတ်ပုံတင်",
        "id card",
        "identity",
        "id no",
    ),
    fields=("gov_id",),
)
