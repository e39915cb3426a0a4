"""Where a stream waits until it is decided: a file that has no name, under a key that is nowhere.

Each block is AES-256-GCM under a key made for this spool and held in memory only; its nonce is the
block's number, so none is used twice. When the process ends, however it ends, nothing is left.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12


class SpoolFailed(Exception):
    """What was to wait cannot be written or read back: nothing may be sent."""


@dataclass(frozen=True, slots=True)
class Block:
    """Where one block lies."""

    number: int
    offset: int
    size: int


class Spool:
    """Blocks of bytes, written once, read any number of times. A context manager."""

    def __init__(self, directory: Path, *, limit: int) -> None:
        """Start an empty spool in `directory`, of at most `limit` bytes. Raises `SpoolFailed`."""
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._limit = limit
        self._size = 0
        self._blocks = 0
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=directory, buffering=0)  # noqa: SIM115
        except OSError as error:
            raise SpoolFailed(f"{directory} cannot be spooled to: {error.strerror}") from error

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> Block:
        """Append a block. Raises `SpoolFailed`."""
        sealed = self._cipher.encrypt(_nonce(self._blocks), data, None)
        if self._size + len(sealed) > self._limit:
            raise SpoolFailed(f"the export needs more than {self._limit} bytes of spool")
        block = Block(self._blocks, self._size, len(sealed))
        view = memoryview(sealed)
        try:
            while view:
                view = view[
                    os.pwrite(self._file.fileno(), view, block.offset + block.size - len(view)) :
                ]
        except OSError as error:
            raise SpoolFailed(f"the spool cannot be written: {error.strerror}") from error
        self._blocks += 1
        self._size += block.size
        return block

    def read(self, block: Block) -> bytes:
        """The bytes of a block. Raises `SpoolFailed` where they are not what was written."""
        try:
            sealed = os.pread(self._file.fileno(), block.size, block.offset)
            return self._cipher.decrypt(_nonce(block.number), sealed, None)
        except OSError as error:
            raise SpoolFailed(f"the spool cannot be read: {error.strerror}") from error
        except InvalidTag as error:
            raise SpoolFailed("the spool does not hold what was written to it") from error


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NONCE_BYTES, "big")
