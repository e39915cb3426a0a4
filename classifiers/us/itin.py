"""Individual taxpayer number of the United States.

9xx, 50-65, 70-88, 90-92 or 94-99, four digits. No check.

>>> verify("912-90-3456")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from stdnum.us import itin

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import compact, numeric


def verify(text: str) -> Verdict:
    """Whether the group is issued; only the dashed form is rare enough to be likely."""
    if not itin.is_valid(compact(text)):
        return Verdict.REFUTED
    return Verdict.LIKELY if "-" in text else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="us.itin",
    category="pi_gov_id",
    entity="US_ITIN",
    patterns=(
        Pattern("dashed", numeric("9[0-9]{2}-[5-9][0-9]-[0-9]{4}"), 0.5),
        Pattern("joined", numeric("9[0-9]{8}"), 0.05),
    ),
    verify=verify,
    strong=True,
    context=(
        "itin",
        "individual taxpayer",
        "taxpayer identification",
        "tin",
        "tax id",
    ),
    fields=("gov_id",),
)
