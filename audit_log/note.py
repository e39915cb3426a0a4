"""Signed notes and verifier keys (C2SP signed-note, tlog-cosignature)."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit_log import strict64

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
MAX_NOTE_BYTES: Final = 1_000_000
MAX_SIGNATURES: Final = 100
_PREFIX: Final = "— "


class BadNote(ValueError):
    """The note or key is malformed, or a known key's signature is wrong."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key by name: `name+hex(id)+base64(type || key)`."""

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name || LF || type || key)."""
        material = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return hashlib.sha256(material).digest()[:4]

    def __str__(self) -> str:
        tail = strict64.encode(bytes([self.algorithm]) + self.public)
        return f"{self.name}+{self.key_id.hex()}+{tail}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a vkey line. Raises `BadNote`."""
        name, _, rest = text.strip().partition("+")
        key_id, _, tail = rest.partition("+")
        material = _base64(tail)
        if not _is_name(name) or len(material) != 33 or material[0] not in (ED25519, COSIGNATURE):
            raise BadNote("verifier key: expected name+id+base64 of an Ed25519 key")
        key = cls(name, material[0], material[1:])
        if key.key_id.hex() != key_id:
            raise BadNote(f"verifier key of {name}: its id does not match its bytes")
        return key

    def verify(self, text: bytes, signature: bytes) -> int | None:
        """Check one signature field; return the cosignature's POSIX time, None for plain ones."""
        message, time = text, None
        if self.algorithm == COSIGNATURE:
            if len(signature) != 72:
                raise BadNote(f"cosignature of {self.name}: wrong length")
            (time,) = struct.unpack(">Q", signature[:8])
            message, signature = _cosigned(text, time), signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature as error:
            raise BadNote(f"signature of {self.name} is wrong") from error
        return time


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key by name."""

    name: str
    key: Ed25519PrivateKey
    algorithm: int = ED25519

    def __post_init__(self) -> None:
        if not _is_name(self.name):
            raise BadNote("key name: must be non-empty, without spaces and plus signs")

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.algorithm, self.key.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> str:
        """One signature line over `text`, for a key of type Ed25519."""
        return self._line(self.key.sign(text))

    def cosign(self, text: bytes, *, time: int) -> str:
        """One cosignature/v1 line: `text` was seen and found consistent at POSIX `time`."""
        return self._line(struct.pack(">Q", time) + self.key.sign(_cosigned(text, time)))

    def _line(self, signature: bytes) -> str:
        field = strict64.encode(self.verifier.key_id + signature)
        return f"{_PREFIX}{self.name} {field}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line, not yet checked."""

    name: str
    key_id: bytes
    field: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it."""

    text: bytes
    signatures: Sequence[Signature]

    def verified(self, keys: Sequence[VerifierKey]) -> dict[VerifierKey, int | None]:
        """Keys that signed, with cosignature times. Unknown keys are ignored.

        Raises `BadNote` where a known key's signature is wrong.
        """
        known = {(key.name, key.key_id): key for key in keys}
        return {
            key: key.verify(self.text, signature.field)
            for signature in self.signatures
            if (key := known.get((signature.name, signature.key_id)))
        }


def assemble(text: bytes, lines: Sequence[str]) -> bytes:
    """The note of `text` and its signature lines."""
    return text + b"\n" + "".join(lines).encode()


def parse(data: bytes) -> Note:
    """Split a note into text and signatures. Raises `BadNote`."""
    if len(data) > MAX_NOTE_BYTES:
        raise BadNote("note: too large")
    head, blank, tail = data.rpartition(b"\n\n")
    if not blank or not tail.endswith(b"\n"):
        raise BadNote("note: no text and signatures separated by a blank line")
    try:
        text, lines = (head + b"\n").decode(), tail.decode().split("\n")[:-1]
    except UnicodeDecodeError as error:
        raise BadNote("note: not UTF-8") from error
    if any(ord(char) < 0x20 and char != "\n" for char in text + "".join(lines)):
        raise BadNote("note: control characters")
    if len(lines) > MAX_SIGNATURES:
        raise BadNote("note: too many signatures")
    return Note(head + b"\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> Signature:
    name, space, field = line.removeprefix(_PREFIX).partition(" ")
    material = _base64(field)
    if not line.startswith(_PREFIX) or not space or not _is_name(name) or len(material) < 5:
        raise BadNote("note: malformed signature line")
    return Signature(name, material[:4], material[4:])


def _cosigned(text: bytes, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n".encode() + text


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(char.isspace() for char in name)


def _base64(text: str) -> bytes:
    try:
        return strict64.decode(text)
    except ValueError as error:
        raise BadNote("malformed base64") from error
