"""National identity number of Rwanda.

1 (citizen), 2 or 3, birth year, 7 or 8 for sex, ten digits. No published check.

>>> verify("1 1990 8 0012345 6 78")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.births import birth
from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="rw.nid",
    category="pi_gov_id",
    entity="RW_NID",
    patterns=(
        Pattern(
            "16 digits", numeric("[123] ?(?:19|20)[0-9]{2} ?[78] ?[0-9]{7} ?[0-9] ?[0-9]{2}"), 0.4
        ),
    ),
    verify=verify,
    born=birth("YYYY", 1),
    context=(
        "indangamuntu",
        "irangamuntu",
        "national id",
        "rwanda",
        "id number",
        "id no",
        "id card",
        "rwandan id",
        "rwanda id",
    ),
    fields=("gov_id",),
)
