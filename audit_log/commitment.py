"""Salted commitments to values the log must not hold, and the vault of their salts.

A commitment is HMAC-SHA256(HMAC-SHA256(salt, field), canonical JSON of [field, value]). With the
salt one can show that a value is the committed one; without it nobody can test candidates,
however few there are.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from audit_log import durable
from audit_log.entry import encode
from audit_log.errors import AuditError, LogExists

SALT_BYTES: Final = 32
SUBJECT_BYTES: Final = 32
ROW_BYTES: Final = SUBJECT_BYTES + SALT_BYTES
_ERASED: Final = bytes(ROW_BYTES)


class VaultDamaged(AuditError):
    """The vault of salts is missing or not one."""


def commit(salt: bytes, field: str, value: object) -> str:
    """Commitment to `value` under `field`, in hex. Raises `InvalidEntry` outside the profile."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    key = hmac.digest(salt, field.encode(), "sha256")
    return hmac.digest(key, encode([field, value]), "sha256").hex()


def opens(commitment: str, salt: bytes, field: str, value: object) -> bool:
    """Whether `value` is the committed one."""
    return hmac.compare_digest(commitment, commit(salt, field, value))


class Vault:
    """Salts by row, and nothing else but the keyed hash of the subject each belongs to.

    Rows have a fixed width and are erased by overwriting them in place, so that no older copy of
    a row is left in the file. Entries name their row; row numbers are never used again.
    """

    @classmethod
    def create(cls, path: Path) -> None:
        """Make an empty vault. Raises `LogExists`."""
        durable.make_directories(path.parent)
        try:
            durable.create_file(path, b"")
        except FileExistsError as error:
            raise LogExists(f"{path} exists; a vault is never created over another") from error

    def __init__(self, path: Path, *, random: Callable[[int], bytes] = os.urandom) -> None:
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise VaultDamaged(f"{path}: no vault of salts; create one with init") from error
        self._random = random
        self.rows = os.fstat(self._fd).st_size // ROW_BYTES  # a torn last row was never named

    def draw(self, subject: bytes = bytes(SUBJECT_BYTES)) -> tuple[int, bytes]:
        """A fresh salt and its row. `subject` is a 32-byte keyed hash, all zero for none."""
        if len(subject) != SUBJECT_BYTES:
            raise ValueError(f"a subject is a keyed hash of {SUBJECT_BYTES} bytes")
        row, salt = self.rows, self._random(SALT_BYTES)
        os.pwrite(self._fd, subject + salt, row * ROW_BYTES)
        self.rows += 1
        return row, salt

    def salt(self, row: int) -> bytes | None:
        """The salt of `row`, None once it is erased. Raises `KeyError` for no row at all."""
        if not 0 <= row < self.rows:
            raise KeyError(f"the vault has no row {row}")
        data = os.pread(self._fd, ROW_BYTES, row * ROW_BYTES)
        return None if data == _ERASED else data[SUBJECT_BYTES:]

    def of_subject(self, subject: bytes) -> list[int]:
        """Rows that belong to a subject."""
        return [row for row, data in self._scan() if data[:SUBJECT_BYTES] == subject]

    def erased(self) -> set[int]:
        """Rows whose salt is gone."""
        return {row for row, data in self._scan() if data == _ERASED}

    def erase(self, rows: Iterable[int]) -> None:
        """Overwrite the rows; durable on return."""
        for row in rows:
            if not 0 <= row < self.rows:
                raise KeyError(f"the vault has no row {row}")
            os.pwrite(self._fd, _ERASED, row * ROW_BYTES)
        self.sync()

    def sync(self) -> None:
        """Make drawn salts durable. One that a crash takes leaves a commitment nobody can open."""
        os.fdatasync(self._fd)

    def close(self) -> None:
        """Make durable and let go."""
        self.sync()
        os.close(self._fd)

    def _scan(self) -> Iterator[tuple[int, bytes]]:
        chunk = ROW_BYTES * 16_384
        for start in range(0, self.rows * ROW_BYTES, chunk):
            data = os.pread(self._fd, chunk, start)
            for at in range(0, len(data) - ROW_BYTES + 1, ROW_BYTES):
                yield (start + at) // ROW_BYTES, data[at : at + ROW_BYTES]
