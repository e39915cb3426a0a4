"""Company number of Australia (ACN): nine digits, the last a weighted check. Trade data.

>>> verify("004 085 616")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.au import acn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(acn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="au.acn",
    category="biz_trade_doc",
    entity="AU_ACN",
    patterns=(Pattern("grouped", numeric(groups(3, 3, 3)), 0.1),),
    verify=verify,
    context=(
        "acn",
        "australian company number",
        "company number",
        "company no",
    ),
)
