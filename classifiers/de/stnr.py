"""Tax number that German tax offices give (Steuernummer), by state or in the 13 digit form.

>>> verify("181/815/08155")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric


def verify(_text: str) -> Verdict:
    """The checks differ by state, so the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="de.stnr",
    category="pi_gov_id",
    entity="DE_TAX_NUMBER",
    patterns=(
        Pattern("grouped", numeric("[0-9]{2,3}[ /][0-9]{3,4}[ /][0-9]{4,5}"), 0.1),
        Pattern("joined", numeric("(?:[0-9]{10,11}|[0-9]{13})"), 0.05),
    ),
    verify=verify,
    context=(
        "steuernummer",
        "steuer-nr",
        "steuernr",
        "st.-nr",
        "german tax",
        "finanzamt",
        "stnr",
    ),
    fields=("gov_id",),
)
