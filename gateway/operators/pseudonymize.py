"""Pseudonymize: a keyed token in the value's place.

Hides the whole value; keeps only whether two values are the same, for one recipient. Not
reversible from the token. Grade 2: records of one person can still be joined.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from base64 import b32encode
from collections.abc import Sequence
from typing import Final

from classifiers.canonical import canonical
from gateway.operators.model import OperatorContext

PURPOSE: Final = "pseudonym"
_TOKEN_BYTES: Final = 15  # 120 bits: 24 characters, no padding
_NUMBER: Final = re.compile(r"\+?[0-9]+(?:[ ().\-]+[0-9]+)*")
_SEPARATORS: Final = re.compile(r"[ ().\-]+")


def pseudonymize(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`psn_<key version>_<base32>` for each text: HMAC-SHA-256 of its canonical form.

    The key belongs to the recipient, so the tokens of two recipients cannot be linked.
    """
    version = context.keys.current(PURPOSE)
    key = context.keys.derive(PURPOSE, context.recipient, version=version)
    head = f"psn_{version}_"
    return [head + _digest(key, text) for text in texts]


def _digest(key: bytes, text: str) -> str:
    digest = hmac.digest(key, identity(text).encode(), "sha256")
    return b32encode(digest[:_TOKEN_BYTES]).decode().lower()


def identity(text: str) -> str:
    """What spellings of one value have in common.

    Canonical and composed (NFC), outer spaces off; numbers without separators, e-mail addresses
    in lower case.
    """
    plain = unicodedata.normalize("NFC", canonical(text).text).strip()
    if _NUMBER.fullmatch(plain):
        return _SEPARATORS.sub("", plain)
    return plain.lower() if "@" in plain else plain
