"""Unique entity number of Singapore, of organisations.

Nine or ten characters with a check letter. Trade data.

>>> verify("00192200M")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("197401143C")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.sg import uen

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(uen.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="sg.uen",
    category="biz_trade_doc",
    entity="SG_UEN",
    patterns=(
        Pattern("business", word("[0-9]{8}[A-Z]"), 0.2),
        Pattern("company", word("(?:19|20)[0-9]{7}[A-Z]"), 0.3),
        Pattern("other", word("[RST][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]"), 0.4),
    ),
    verify=verify,
    context=(
        "uen",
        "unique entity number",
        "company registration",
        "acra",
        "gst reg",
        "business registration",
        "registration no",
    ),
)
