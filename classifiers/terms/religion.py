"""Religious belief, membership and practice (PIPL art 28).

A word alone proves nothing about a person: a finding is likely, for a person to confirm, and
words in columns of trade data (a medicine's name) do not count.

>>> verify("佛教徒")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.terms.word_list import verify, word_detector

__all__ = ["DETECTOR", "verify"]

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


DETECTOR: Final = word_detector("terms.religion", "spi_religion", "RELIGION_TERM", _LATIN, _OTHER)
