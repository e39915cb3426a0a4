"""Pseudonymize: a keyed token in the value's place.

Hides the whole value; keeps only whether two values are the same, for one recipient. Not
reversible from the token. Grade 2: records of one person can still be joined.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Sequence
from typing import Final

from gateway.operators.identity import keyed
from gateway.operators.model import OperatorContext

PURPOSE: Final = "pseudonym"
_TOKEN_BYTES: Final = 15  # 120 bits: 24 characters, no padding


def pseudonymize(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`psn_<key version>_<base32>` for each text: HMAC-SHA-256 of its canonical form.

    The key belongs to the recipient, so the tokens of two recipients cannot be linked.
    """
    version = context.keys.current(PURPOSE)
    digest = keyed(context.keys.derive(PURPOSE, context.recipient, version=version))
    head = f"psn_{version}_"
    return [head + b32encode(digest(text)[:_TOKEN_BYTES]).decode().lower() for text in texts]
