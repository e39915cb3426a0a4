"""The log's keys over time: each vouched for by the one before it and the one after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from audit_log import strict64
from audit_log.note import BadNote, VerifierKey


class Rotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One change of keys, as the entry at `seq` states it."""

    seq: int
    old: str
    new: str
    old_signature: str
    new_signature: str

    def check(self) -> None:
        """Both keys have signed that one follows the other. Raises `BadNote`."""
        text = statement(self.old, self.new)
        for vkey, signature in ((self.old, self.old_signature), (self.new, self.new_signature)):
            try:
                VerifierKey.parse(vkey).verify(text, strict64.decode(signature))
            except ValueError as error:
                raise BadNote(f"rotation at entry {self.seq}: {error}") from error


@dataclass(frozen=True, slots=True)
class KeyChain:
    """The log's keys in order, each with the size from which on it signs."""

    keys: Sequence[tuple[int, VerifierKey]]
    rotations: Sequence[Rotation]

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.keys[0][1].name

    def at(self, size: int) -> VerifierKey:
        """The key that has to be under a checkpoint of `size`."""
        return [key for since, key in self.keys if since <= size][-1]


def key_chain(directory: Path, trusted: VerifierKey) -> KeyChain:
    """The keys of a log, each vouched for by its neighbour, one of them `trusted`.

    Raises `BadNote` where a link does not hold or none of them is the trusted key.
    """
    paths = (directory / "keys").glob("*.rotation")
    rotations = sorted((_read(path) for path in paths), key=lambda one: one.seq)
    first = VerifierKey.parse(rotations[0].old) if rotations else trusted
    keys = [(0, first)]
    for rotation in rotations:
        rotation.check()
        if VerifierKey.parse(rotation.old) != keys[-1][1]:
            raise BadNote(f"rotation at entry {rotation.seq}: not from the key in force")
        keys.append((rotation.seq + 1, VerifierKey.parse(rotation.new)))
    if trusted not in [key for _, key in keys]:
        raise BadNote("the key given is none of the log's")
    return KeyChain(keys, rotations)


def statement(old: str, new: str) -> bytes:
    """What both keys sign."""
    return f"silkgate audit key rotation v1\n{old}\n{new}\n".encode()


def _read(path: Path) -> Rotation:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Rotation)
    except msgspec.DecodeError as error:
        raise BadNote(f"{path.name}: not a rotation") from error
