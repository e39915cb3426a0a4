"""Individual Number of Japan (My Number, マイナンバー).

Twelve digits, the last a weighted check modulo 11.

>>> verify("6214 9832 0257")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("621498320258")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from stdnum.jp import in_

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import checked, compact, groups, numeric


def verify(text: str) -> Verdict:
    """Whether the check digits hold."""
    return checked(in_.is_valid(compact(text)))


DETECTOR: Final = Detector(
    name="jp.my_number",
    category="pi_gov_id",
    entity="JP_MY_NUMBER",
    patterns=(Pattern("12 digits", numeric(groups(4, 4, 4)), 0.1),),
    verify=verify,
    context=(
        "マイナンバー",
        "個人番号",
        "my number",
        "mynumber",
        "individual number",
        "kojin bango",
    ),
    fields=("gov_id",),
)
