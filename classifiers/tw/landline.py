"""Fixed-line number of Taipei or Taichung with its area code: 02 or 04, then eight digits.

Seoul's (02) and Sydney's numbers look alike and are telephones too. The area in brackets, or
Taipei's set off by a dash, makes the shape likely; other areas' numbers are shaped like serial
numbers and need a word beside them (`phone.national`).

>>> verify("02-27335678"), verify("(04) 2321-5678")
(<Verdict.LIKELY: 'likely'>, <Verdict.LIKELY: 'likely'>)
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.phone.national import WORDS
from classifiers.shape import numeric


def verify(_text: str) -> Verdict:
    """The pattern demands the area set off, which is all that can be asked."""
    return Verdict.LIKELY


DETECTOR: Final = Detector(
    name="tw.landline",
    category="pi_contact_phone",
    entity="PHONE_NUMBER",
    patterns=(
        Pattern(
            "area and number",
            numeric(r"(?:\(0[24]\) ?|02-)[2-8][0-9]{3}[ -]?[0-9]{4}(?:#[0-9]{1,5})?"),
            0.4,
        ),
    ),
    verify=verify,
    strong=True,
    context=WORDS,
    fields=("phone",),
)
