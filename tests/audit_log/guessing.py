"""Trying out what a commitment is to, as somebody with the log but without the salt would."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

from audit_log.commitment import Vault, commit
from audit_log.entry import encode

FIRST = 13_800_000_000  # a mobile prefix; its numbers are guessed in order
FIELD = "phone"


def hits(made: str, keys: Iterable[bytes], count: int) -> int:
    """How many of `count` numbers fit under one of `keys`, or as plain hashes."""
    wanted = bytes.fromhex(made)
    inner = [hmac.digest(key, FIELD.encode(), "sha256") for key in keys]
    found = 0
    for number in range(FIRST, FIRST + count):
        bare = str(number).encode()
        spelt = encode([FIELD, str(number)])
        found += any(hmac.digest(key, spelt, "sha256") == wanted for key in inner)
        found += wanted in (hashlib.sha256(bare).digest(), hashlib.sha256(spelt).digest())
    return found


def guessed(folder: Path, count: int) -> tuple[int, int]:
    """Hits among `count` candidates once the salt is erased, and with the salt still at hand.

    Without it an attacker has what lies about: the erased row, the subject's hash, the commitment.
    The number is the last candidate; so the second figure must be 1, or the first shows nothing.
    """
    path = folder / "salts"
    Vault.create(path)
    vault = Vault(path)
    subject = hashlib.sha256(b"subject").digest()
    row, salt = vault.draw(subject)
    made = commit(salt, FIELD, str(FIRST + count - 1))
    vault.erase([row])
    vault.close()
    leftover = path.read_bytes()[-32:]
    without = hits(made, {leftover, bytes(32), subject, bytes.fromhex(made)}, count)
    return without, hits(made, [salt], count)
