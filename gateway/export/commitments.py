"""What came in and what left, committed to in each opening entry without being in it.

A commitment is salted; salts lie in a vault beside the log and can be erased. With the salt, who
holds the original can show that it is the one; without it nobody can test candidates.
"""

from __future__ import annotations

import hashlib
from typing import Any

from audit_log.commitment import Vault, commit, opens

Commitment = dict[str, Any]  # "row": of the salt; "in" and, once something leaves, "out": in hex


class Commitments:
    """Makes and opens commitments to bodies."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def incoming(self, body: bytes) -> Commitment:
        """A commitment, with a fresh salt, to a body as it came."""
        row, salt = self._vault.draw()
        return {"row": row, "in": commit(salt, "in", _digest(body))}

    def outgoing(self, made: Commitment, body: bytes) -> Commitment:
        """`made` with a commitment to the body that leaves, under the same salt."""
        salt = self._vault.salt(made["row"])
        if salt is None:
            raise LookupError("the salt was erased while the export was under way")
        return made | {"out": commit(salt, "out", _digest(body))}

    def opens(self, made: Commitment, side: str, body: bytes) -> bool | None:
        """Whether `body` is the one committed to on `side`; None where the salt is erased."""
        salt = self._vault.salt(made["row"])
        return None if salt is None else opens(made[side], salt, side, _digest(body))


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
