"""Internal passport of Russia: series of four digits and number of six, no check.

>>> verify("45 08 123456")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import numeric


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="ru.passport",
    category="pi_gov_id",
    entity="RU_PASSPORT",
    patterns=(Pattern("series and number", numeric("[0-9]{2} ?[0-9]{2} ?(?:№ ?)?[0-9]{6}"), 0.1),),
    verify=verify,
    context=(
        "паспорт",
        "паспорта",
        "серия и номер",
        "russian passport",
        "internal passport",
        "серия",
    ),
    fields=("gov_id",),
)
