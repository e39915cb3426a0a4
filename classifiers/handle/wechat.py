"""WeChat identifier.

A letter, then 5 to 19 letters, digits, dashes and underscores; `wxid_` names and openids (o and
27 characters) are made by the system.

>>> verify("wxid_a1b2c3d4e5f6g7")
<Verdict.LIKELY: 'likely'>
>>> verify("zhang_san88")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict
from classifiers.shape import word


def verify(text: str) -> Verdict:
    """A system name is likely; a chosen one looks like any word."""
    return Verdict.LIKELY if text.lower().startswith("wxid_") else Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="handle.wechat",
    category="pi_account",
    entity="WECHAT_ID",
    patterns=(
        Pattern("system", word("wxid_[0-9a-z]{10,20}"), 0.8),
        Pattern("openid", r"(?<![0-9A-Z_-])o[0-9A-Z_-]{27}(?![0-9A-Z_-])", 0.2),
        Pattern("chosen", r"(?<![0-9A-Z_-])[A-Z][0-9A-Z_-]{5,19}(?![0-9A-Z_-])", 0.05),
    ),
    verify=verify,
    context=(
        "微信",
        "微信号",
        "wechat",
        "weixin",
        "wx",
        "vx",
        "v信",
        "加v",
        "威信",
        "openid",
        "unionid",
    ),
    fields=("username",),
)
