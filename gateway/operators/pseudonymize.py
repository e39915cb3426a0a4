"""Pseudonymize: a keyed token in the value's place.

Hides the whole value; keeps only whether two values are the same, for one recipient. Not
reversible from the token. Grade 2: records of one person can still be joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.operators.identity import digests
from gateway.operators.model import OperatorContext

PURPOSE: Final = "pseudonym"
_TOKEN_BYTES: Final = 15  # 120 bits: 24 characters, no padding
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS: Final = [one + other for one in _ALPHABET for other in _ALPHABET]
_SHIFTS: Final = range(110, -1, -10)


def pseudonymize(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`psn_<key version>_<base32>` for each text: HMAC-SHA-256 of its canonical form.

    The key belongs to the recipient, so the tokens of two recipients cannot be linked.
    """
    version = context.keys.current(PURPOSE)
    key = context.keys.derive(PURPOSE, context.recipient, version=version)
    head = f"psn_{version}_"
    return [head + _base32(each) for each in digests(texts, context.entity, key)]


def _base32(digest: bytes) -> str:
    """The first 15 bytes (RFC 4648, lower case), ten bits at a time."""
    number = int.from_bytes(digest[:_TOKEN_BYTES], "big")
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])
