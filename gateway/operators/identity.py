"""What makes two texts the same value, and the keyed digest that stands for it."""

from __future__ import annotations

import hmac
import re
import unicodedata
from typing import Final

from classifiers.canonical import canonical

_NUMBER: Final = re.compile(r"\+?[0-9]+(?:[ ().\-]+[0-9]+)*")
_SEPARATORS: Final = re.compile(r"[ ().\-]+")


def identity(text: str) -> str:
    """What spellings of one value have in common.

    Canonical and composed (NFC), outer spaces off; numbers without separators, e-mail addresses
    in lower case.
    """
    if text.isascii():
        if text.isdigit():
            return text
        plain = text.strip()
        if _NUMBER.fullmatch(plain):
            return _SEPARATORS.sub("", plain)
    else:
        plain = canonical(text).text.strip()
        if plain.isascii():
            return identity(plain)
        plain = unicodedata.normalize("NFC", plain)
    return plain.lower() if "@" in plain else plain


def keyed(key: bytes, text: str) -> bytes:
    """HMAC-SHA-256 (RFC 2104) of the value's identity: 32 bytes."""
    return hmac.digest(key, identity(text).encode(), "sha256")
