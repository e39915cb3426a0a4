"""Hash: a keyed digest in the value's place, HMAC-SHA-256 or HMAC-SM3 (GM/T 0004).

Hides the whole value; keeps only whether two values are the same, for one recipient. Not
reversible. Grade 2: records of one person can still be joined. Never unkeyed: phone and identity
numbers are few enough to be tried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm

from gateway.operators.identity import digests
from gateway.operators.model import OperatorContext

PURPOSE: Final = "hash"


def hash_sha256(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`sha256_<key version>_<hex>` for each text: HMAC-SHA-256 of its canonical form."""
    return _hashed("sha256", SHA256(), texts, context)


def hash_sm3(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`sm3_<key version>_<hex>` for each text: HMAC-SM3 of its canonical form."""
    return _hashed("sm3", SM3(), texts, context)


def _hashed(
    name: str, algorithm: HashAlgorithm, texts: Sequence[str], context: OperatorContext
) -> list[str]:
    version = context.keys.current(PURPOSE)
    key = context.keys.derive(PURPOSE, f"{name}/{context.recipient}", version=version)
    head = f"{name}_{version}_"
    return [head + each.hex() for each in digests(texts, context.entity, key, algorithm)]
