"""E-mail address (RFC 5321 mailbox, the local part as providers issue it).

The local part is an atom with dots. CJK characters beside the address do not belong to it, so
`邮箱zhang@example.com谢谢` yields the address alone, and addresses joined by spaces or commas are
found one by one.

>>> verify("zhang.san@example.com")
<Verdict.CONFIRMED: 'confirmed'>
>>> verify("icon@2x.png")
<Verdict.REFUTED: 'refuted'>
"""

from __future__ import annotations

from typing import Final

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict

_FILE_TYPES: Final = frozenset("png jpg jpeg gif webp svg css js ico bmp woff ttf mp4".split())
_LOCAL: Final = r"[A-Z0-9][A-Z0-9._%+'-]{0,63}"
_DOMAIN: Final = r"[A-Z0-9-]{1,63}(?:\.[A-Z0-9-]{1,63}){0,4}\.(?:[A-Z]{2,24}|XN--[A-Z0-9-]{2,40})"


def verify(text: str) -> Verdict:
    """An address as it stands, unless its domain is a picture's file name (`@2x.png`)."""
    domain = text.rpartition("@")[2]
    return (
        Verdict.REFUTED if domain.rpartition(".")[2].lower() in _FILE_TYPES else Verdict.CONFIRMED
    )


DETECTOR: Final = Detector(
    name="net.email",
    category="pi_basic",
    entity="EMAIL_ADDRESS",
    patterns=(Pattern("mailbox", rf"(?<![A-Z0-9]){_LOCAL}@{_DOMAIN}(?![A-Z0-9])", 0.9),),
    verify=verify,
    strong=True,
    context=("邮箱", "郵箱", "电子邮件", "email", "e-mail", "mail", "youxiang"),
    fields=("email",),
)
