"""Personal identity code of Finland.

Henkilötunnus; DDMMYY, century sign, three digits, a check character.

>>> verify("131052-308T"), verify("131052-308U")
(<Verdict.CONFIRMED: 'confirmed'>, <Verdict.UNKNOWN: 'unknown'>)
"""

from __future__ import annotations

from typing import Final

from stdnum.fi import hetu

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, word


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(hetu.is_valid(text))


DETECTOR: Final = Detector(
    name="fi.hetu",
    category="pi_gov_id",
    entity="FI_HETU",
    patterns=(
        Pattern(
            "11 characters", word("[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]"), 0.5
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "hetu",
        "henkilötunnus",
        "henkilotunnus",
        "personbeteckning",
        "personal identity",
    ),
    fields=("gov_id",),
)
