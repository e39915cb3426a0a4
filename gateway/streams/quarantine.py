"""Records that were held back, kept for a person to look at: one encrypted file a group.

AES-256-GCM under a key of the keyring's spool root, derived for this file's name; the first line
of the file, in the clear, says which version of the root and which nonce.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit_log import durable
from gateway.keys.keyring import hkdf
from gateway.ports import KeyProvider

FORMAT: Final = "silkgate/quarantine/1"
PURPOSE: Final = "spool"
_NONCE_BYTES: Final = 12


class QuarantineFailed(Exception):
    """Held records cannot be kept or read; the group they are in must not be released."""


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a file."""

    format: str
    key_version: int
    nonce: str


class HeldRecord(msgspec.Struct, frozen=True, array_like=True):
    """One record: its number in the stream, counted from 0, and its bytes as they came."""

    number: int
    body: bytes


class Quarantine:
    """A folder of such files."""

    def __init__(self, directory: Path, keys: KeyProvider) -> None:
        self._directory = directory
        self._keys = keys

    def keep(self, name: str, records: Sequence[HeldRecord]) -> None:
        """Make `records` durable under `name` (0600), in place of what a crash left there.

        Raises `QuarantineFailed` or `KeyUnavailable`.
        """
        version = self._keys.current(PURPOSE)
        nonce = os.urandom(_NONCE_BYTES)
        label = msgspec.json.encode(Label(FORMAT, version, nonce.hex()))
        sealed = self._cipher(name, version).encrypt(nonce, msgspec.msgpack.encode(records), label)
        try:
            durable.make_directories(self._directory)
            durable.replace_file(self._directory / name, label + b"\n" + sealed)
        except OSError as error:
            raise QuarantineFailed(f"records cannot be quarantined: {error.strerror}") from error

    def read(self, name: str) -> list[HeldRecord]:
        """The records kept under `name`. Raises `QuarantineFailed` or `KeyUnavailable`."""
        try:
            line, _, sealed = (self._directory / name).read_bytes().partition(b"\n")
            label = msgspec.json.decode(line, type=Label)
            opened = self._cipher(name, label.key_version).decrypt(
                bytes.fromhex(label.nonce), sealed, line
            )
            return msgspec.msgpack.decode(opened, type=list[HeldRecord])
        except OSError as error:
            raise QuarantineFailed(f"{name} cannot be read: {error.strerror}") from error
        except (InvalidTag, ValueError) as error:
            raise QuarantineFailed(
                f"{name} is damaged, or not a file of this quarantine"
            ) from error

    def remove(self, name: str) -> None:
        """Forget the records kept under `name`: they have left. Raises `QuarantineFailed`."""
        try:
            durable.remove_file(self._directory / name)
        except OSError as error:
            raise QuarantineFailed(f"{name} cannot be removed: {error.strerror}") from error

    def _cipher(self, name: str, version: int) -> AESGCM:
        root = self._keys.derive(PURPOSE, "quarantine", version=version)
        return AESGCM(hkdf(root, name.encode()))
