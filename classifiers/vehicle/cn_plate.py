"""Number plate of mainland China.

GA 36; a province, a letter, five characters, six for new energy; special series 学警港澳挂使领.

>>> verify("京A12345")
<Verdict.LIKELY: 'likely'>
>>> verify("粤B·D12345")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict


def verify(_text: str) -> Verdict:
    """There is no check; the shape is rare enough to be likely."""
    return Verdict.LIKELY


DETECTOR: Final = Detector(
    name="vehicle.cn_plate",
    category="pi_property",
    entity="CN_LICENSE_PLATE",
    patterns=(
        Pattern(
            "plate",
            (
                r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-"
                r"Z][·• -]?(?:[DF][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-H"
                r"J-NP-Z0-9学警港澳挂使领])(?![0-9A-Z])"
            ),
            0.7,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "车牌",
        "车牌号",
        "号牌",
        "plate",
        "cph",
    ),
    fields=("plate",),
)
