"""Mobile number of mainland China (MIIT numbering plan, as libphonenumber knows it).

Eleven digits beginning with an assigned prefix of three or four digits, with or without the
country code (+86, 0086, 86). There is no check digit: an assigned prefix makes a number likely,
and only a field name or a word beside it confirms. Blocks for machines (14x data cards, 10648)
are left out.

>>> verify("138 0013 8000"), verify("+86-13800138000")
(<Verdict.LIKELY: 'likely'>, <Verdict.LIKELY: 'likely'>)
>>> verify("12800138000")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("15412345678")  # 154 is not assigned
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict

# 13x, 15x and 18x for people; 14x, 16x, 17x and 19x as assigned by 2026 (MIIT; confidence B).
_ASSIGNED: Final = frozenset(
    "130 131 132 133 134 135 136 137 138 139 145 146 147 148 149 150 151 152 153 155 156 157 158"
    " 159 162 165 166 167 170 171 172 173 174 175 176 177 178 180 181 182 183 184 185 186 187 188"
    " 189 190 191 192 193 195 196 197 198 199".split()
)
_SEPARATORS: Final = str.maketrans("", "", " ./_-()+")
_G: Final = "[ ./_-]?"


def verify(text: str) -> Verdict:
    """Whether the last eleven digits begin with an assigned prefix."""
    return Verdict.LIKELY if text.translate(_SEPARATORS)[-11:][:3] in _ASSIGNED else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="cn.mobile",
    category="pi_contact_phone",
    entity="PHONE_NUMBER",
    patterns=(
        Pattern(
            "mobile",
            rf"(?<![0-9])(?:\(?(?:\+|00)?86\)?{_G})?1[3-9][0-9]{_G}[0-9]{_G}[0-9]{{3}}{_G}[0-9]{_G}[0-9]{{3}}(?![0-9])",
            0.5,
        ),
    ),
    verify=verify,
    strong=True,
    context=(
        "手机",
        "手機",
        "电话",
        "電話",
        "联系",
        "聯繫",
        "微信",
        "phone",
        "mobile",
        "cell",
        "tel",
        "call",
        "sms",
        "sjh",
        "shouji",
        "dianhua",
    ),
    fields=("phone",),
)
