"""Religious belief, membership and practice (PIPL art 28).

A word alone proves nothing about a person: a finding is likely, for a person to confirm, and
words in columns of trade data (a medicine's name) do not count.

>>> verify("佛教徒")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict

_LATIN: Final = (
    "muslim|christian believer|catholic|buddhist|hindu|jewish|baptized|church member"
    "|religious belief|practising muslim|jehovah's witness|beragama islam|beragama kristen"
    "|beragama buddha|agama islam|agama kristen"
)
_OTHER: Final = (
    "佛教徒|基督徒|天主教徒|穆斯林|伊斯兰教|道教徒|信佛|信教|皈依|受洗|礼拜者|清真饮食|回教"
    "|教会成员|宗教信仰|イスラム教徒|キリスト教徒|仏教徒|기독교인|불교 신자|무슬림|ชาวพุทธ"
    "|อิสลาม|มุสลิม|phật tử|công giáo"
)


def verify(_text: str) -> Verdict:
    """The word is the evidence."""
    return Verdict.LIKELY


DETECTOR: Final = Detector(
    name="terms.religion",
    category="spi_religion",
    entity="RELIGION_TERM",
    patterns=(
        Pattern("Latin", f"(?<![0-9A-Za-z])(?:{_LATIN})(?![0-9A-Za-z])", 0.4),
        Pattern("other", f"(?:{_OTHER})", 0.4),
    ),
    verify=verify,
    strong=True,
    words=True,
)
