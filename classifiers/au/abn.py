"""Business number of Australia (ABN).

Eleven digits, MOD 89. Sole traders have one; it names a business.

>>> verify("83 914 571 673")
<Verdict.CONFIRMED: 'confirmed'>
"""

from __future__ import annotations

from typing import Final

from stdnum.au import abn

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(abn.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="au.abn",
    category="biz_trade_doc",
    entity="AU_ABN",
    patterns=(Pattern("grouped", numeric(groups(2, 3, 3, 3)), 0.1),),
    verify=verify,
    context=(
        "abn",
        "australian business number",
        "business number",
        "business no",
    ),
)
