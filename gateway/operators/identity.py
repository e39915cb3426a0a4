"""What makes two texts the same value, and the keyed digest that stands for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from classifiers.canonical import canonical

_SHA256: Final = SHA256()
_NUMBER: Final = re.compile(r"\+?[0-9]+(?:[ ().\-]+[0-9]+)*")
_SEPARATORS: Final = re.compile(r"[ ().\-]+")


def identity(text: str) -> str:
    """What spellings of one value have in common.

    Composed (NFC) and canonical, outer spaces off; numbers without separators, e-mail addresses
    in lower case.
    """
    if text.isascii():
        if text.isdigit():
            return text
        plain = text.strip()
        if _NUMBER.fullmatch(plain):
            return _SEPARATORS.sub("", plain)
    else:
        plain = canonical(unicodedata.normalize("NFC", text)).text.strip()
        if plain.isascii():
            return identity(plain)
    return plain.lower() if "@" in plain else plain


def keyed(key: bytes, algorithm: HashAlgorithm = _SHA256) -> Callable[[str], bytes]:
    """A function that gives the HMAC (RFC 2104) of a value's identity under `key`."""
    copy = HMAC(key, algorithm).copy  # keyed once: half the cost of a value

    def digest(text: str) -> bytes:
        mac = copy()
        mac.update(identity(text).encode())
        return mac.finalize()

    return digest
