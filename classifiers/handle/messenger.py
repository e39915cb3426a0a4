"""Names in LINE, KakaoTalk, Zalo, Telegram.

WhatsApp, Skype and Viber: letters, digits, dots, dashes; only the word before tells them.

>>> verify("@zhang_san")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("zhang.san88")
<Verdict.UNKNOWN: 'unknown'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict


def verify(_text: str) -> Verdict:
    """There is no check: the shape alone says little."""
    return Verdict.UNKNOWN


DETECTOR: Final = Detector(
    name="handle.messenger",
    category="pi_account",
    entity="MESSENGER_HANDLE",
    patterns=(
        Pattern("at", r"(?<![0-9A-Z@._-])@[A-Z0-9][A-Z0-9._-]{2,30}(?![0-9A-Z._-])", 0.2),
        Pattern("word", (r"(?<![0-9A-Z._-])[A-Z0-9][A-Z0-9._-]{3,30}[0-9_](?![0-9A-Z._@-])"), 0.05),
    ),
    verify=verify,
    context=(
        "line id",
        "lineid",
        "kakao id",
        "kakaotalk",
        "카카오톡",
        "카톡",
        "카톡아이디",
        "zalo",
        "telegram",
        "skype",
        "viber",
        "instagram",
        "ไลน์",
        "ไอดีไลน์",
        "ライン",
        "twitter",
        "weibo",
        "微博",
        "抖音号",
        "小红书号",
    ),
    fields=("username",),
)
