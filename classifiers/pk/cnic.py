"""Computerised national identity card of Pakistan.

5-7-1 digits: place, number, sex. No check digit; places are known.

>>> verify("34201-0891231-8")
<Verdict.LIKELY: 'likely'>
>>> verify("3420108912318")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum.pk import cnic

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import compact, numeric


def verify(text: str) -> Verdict:
    """The province; only the dashed form is rare enough to be likely."""
    return Verdict.LIKELY if "-" in text and cnic.is_valid(compact(text)) else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="pk.cnic",
    category="pi_gov_id",
    entity="PK_CNIC",
    patterns=(
        Pattern("dashed", numeric("[1-7][0-9]{4}-[0-9]{7}-[0-9]"), 0.6),
        Pattern("joined", numeric("[1-7][0-9]{12}"), 0.05),
    ),
    verify=verify,
    strong=True,
    context=(
        "cnic",
        "nic",
        "nicop",
        "شناختی کارڈ",
        "شناختی",
        "national identity",
        "id card",
    ),
    fields=("gov_id",),
)
