"""National identification number of Algeria (NIN): eighteen digits; the check is not published.

>>> verify("109900123456789012")
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
    name="dz.nin",
    category="pi_gov_id",
    entity="DZ_NIN",
    patterns=(Pattern("18 digits", numeric("[12][0-9]{17}"), 0.2),),
    verify=verify,
    context=(
        "nin",
        "numéro d'identification national",
        "identification nationale",
        "رقم التعريف الوطني",
        "رقم التعريف",
        "carte nationale",
        "algerian nin",
        "algerian id",
        "numéro national d'identité",
        "الرقم الوطني",
    ),
    fields=("gov_id",),
)
