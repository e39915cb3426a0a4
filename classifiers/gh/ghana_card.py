"""Ghana Card.

GHA (or another country's three letters for residents), nine digits, one check digit. The check is
not published.

>>> verify("GHA-123456789-0")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(_text: str) -> Verdict:
    """There is no check; the shape is rare enough to be likely."""
    return Verdict.LIKELY


DETECTOR: Final = Detector(
    name="gh.ghana_card",
    category="pi_gov_id",
    entity="GH_GHANA_CARD",
    patterns=(Pattern("card", word("GHA[ -]?[0-9]{9}[ -]?[0-9]"), 0.8),),
    verify=verify,
    strong=True,
    context=(
        "ghana card",
        "national id",
        "nia",
        "ghanacard",
        "id number",
    ),
    fields=("gov_id",),
)
