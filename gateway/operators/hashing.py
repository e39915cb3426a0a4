"""Hash: a keyed digest in the value's place, HMAC-SHA-256 or HMAC-SM3 (GM/T 0004).

Hides the whole value; keeps only whether two values are the same, for one recipient. Not
reversible. Grade 2: records of one person can still be joined. Never unkeyed: phone and identity
numbers are few enough to be tried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from hmac import digest
from typing import Final

from gateway.operators.identity import identity
from gateway.operators.model import OperatorContext

PURPOSE: Final = "hash"


def hash_sha256(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`sha256_<key version>_<hex>` for each text: HMAC-SHA-256 of its canonical form."""
    version = context.keys.current(PURPOSE)
    key = context.keys.derive(PURPOSE, context.recipient, version=version)
    head = f"sha256_{version}_"
    return [head + digest(key, identity(text).encode(), "sha256").hex() for text in texts]


def hash_sm3(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`sm3_<key version>_<hex>` for each text: HMAC-SM3 of its canonical form."""
    from cryptography.hazmat.primitives.hashes import SM3  # noqa: PLC0415 heavy
    from cryptography.hazmat.primitives.hmac import HMAC  # noqa: PLC0415 heavy

    version = context.keys.current(PURPOSE)
    keyed_sm3 = HMAC(
        context.keys.derive(PURPOSE, f"sm3/{context.recipient}", version=version), SM3()
    )
    head = f"sm3_{version}_"
    out = []
    for text in texts:
        mac = keyed_sm3.copy()
        mac.update(identity(text).encode())
        out.append(head + mac.finalize().hex())
    return out
