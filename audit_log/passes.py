"""Notes of verification passes, so that the next one goes on where the last one ended.

Such a note is the verifier's own: whoever can change it can hide what was never looked at.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from audit_log import durable
from audit_log.errors import AuditError
from audit_log.keys import KeyChain
from audit_log.note import VerifierKey
from audit_log.report import Code, Damage
from audit_log.walk import Walk


class PassUnknown(AuditError):
    """The note is not one of a pass over this log."""


class Pass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far a pass came, and what it knew there."""

    vkey: str
    size: int
    root: str
    chain: str
    ts_us: int
    kinds: dict[str, int]
    statuses: dict[str, int]
    unfinished: list[int]
    released: int
    erased: list[int]
    dropped: list[tuple[int, int]]  # said by entries
    rotations: dict[int, str]
    missing: list[tuple[int, int]]  # found dropped

    @classmethod
    def of(cls, walk: Walk, key: VerifierKey) -> Pass:
        """The state of `walk`, which has found nothing wrong in what it read."""
        accounts = walk.accounts
        return cls(
            vkey=str(key),
            size=walk.tree.size,
            root=walk.tree.root.hex(),
            chain=walk.chain.hex(),
            ts_us=walk.ts_us,
            kinds=dict(accounts.kinds),
            statuses=dict(accounts.statuses),
            unfinished=list(accounts.unfinished),
            released=accounts.released,
            erased=sorted(accounts.erased),
            dropped=sorted(accounts.dropped),
            rotations=accounts.rotations,
            missing=walk.dropped,
        )

    @classmethod
    def read(cls, path: Path, keys: KeyChain) -> Pass:
        """Read a note made under any of the log's keys. Raises `PassUnknown`."""
        try:
            found = msgspec.json.decode(path.read_bytes(), type=cls)
        except msgspec.DecodeError as error:
            raise PassUnknown(f"{path} is not a note of a pass: {error}") from error
        if found.vkey not in [str(key) for _, key in keys.keys]:
            raise PassUnknown(f"{path} notes a pass over another log")
        return found

    def write(self, path: Path) -> None:
        """Keep the note."""
        durable.replace_file(path, msgspec.json.encode(self))

    def restore(self, walk: Walk) -> None:
        """Put `walk` where the noted pass ended. Raises `Damage` where the tree differs there."""
        walk.tree.start(self.size)
        if walk.tree.root.hex() != self.root:
            what = f"the first {self.size} entries are not those that the last pass saw"
            raise Damage(Code.TAMPERED, 0, what)
        walk.chain, walk.ts_us = bytes.fromhex(self.chain), self.ts_us
        walk.dropped = list(self.missing)
        accounts = walk.accounts
        accounts.kinds, accounts.statuses = Counter(self.kinds), Counter(self.statuses)
        accounts.unfinished = dict.fromkeys(self.unfinished)
        accounts.released = self.released
        accounts.rotations = dict(self.rotations)
        accounts.erased, accounts.dropped = set(self.erased), set(self.dropped)
