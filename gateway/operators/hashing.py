"""Hash: a keyed digest in the value's place, HMAC-SHA-256 or HMAC-SM3 (GM/T 0004).

Hides the whole value; keeps only whether two values are the same, for one recipient. Not
reversible. Grade 2: records of one person can still be joined. Never unkeyed: phone and identity
numbers are few enough to be tried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.hashes import SM3

from gateway.operators.identity import digests, hmac_sha256, identities
from gateway.operators.model import OperatorContext

PURPOSE: Final = "hash"
_SM3: Final = SM3()


def hash_sha256(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`sha256_<key version>_<hex>` for each text: HMAC-SHA-256 of its canonical form."""
    head, key = _keyed("sha256", context)
    return hmac_sha256(key, identities(texts, context.entity), head)


def hash_sm3(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`sm3_<key version>_<hex>` for each text: HMAC-SM3 of its canonical form."""
    head, key = _keyed("sm3", context)
    return [head + each.hex() for each in digests(texts, context.entity, key, _SM3)]


def _keyed(name: str, context: OperatorContext) -> tuple[str, bytes]:
    """What each hash begins with, and the key."""
    version = context.keys.current(PURPOSE)
    key = context.keys.derive(PURPOSE, f"{name}/{context.recipient}", version=version)
    return f"{name}_{version}_", key
