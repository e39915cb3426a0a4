"""Checkpoints (C2SP tlog-checkpoint): a tree head as text, and as a signed note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit_log import note, strict64
from audit_log.note import BadNote, Note, Signer, VerifierKey


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Origin, number of leaves and root of one tree."""

    origin: str
    size: int
    root: bytes
    extensions: Sequence[str] = ()  # ours never carry any

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        root = strict64.encode(self.root)
        return "".join(
            f"{line}\n" for line in (self.origin, self.size, root, *self.extensions)
        ).encode()


def parse(text: bytes) -> Checkpoint:
    """Read a checkpoint's text. Raises `BadNote`."""
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError as error:
        raise BadNote("checkpoint: not UTF-8") from error
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise BadNote("checkpoint: expected origin, size and root lines")
    origin, size, root, *extensions = lines[:-1]
    if not (size.isascii() and size.isdigit() and len(size) < 20 and str(int(size)) == size):
        raise BadNote("checkpoint: size is not a plain decimal number")
    try:
        digest = strict64.decode(root, length=32)
    except ValueError as error:
        raise BadNote("checkpoint: root is not 32 bytes of base64") from error
    return Checkpoint(origin, int(size), digest, tuple(extensions))


def sign(checkpoint: Checkpoint, signers: Sequence[Signer]) -> bytes:
    """The signed note, one line per signer."""
    return note.assemble(checkpoint.text, [signer.sign(checkpoint.text) for signer in signers])


def open_signed(data: bytes, *, origin: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Read a checkpoint that at least one of `keys` signed. Raises `BadNote`."""
    opened = note.parse(data)
    if not opened.verified(keys):
        raise BadNote("checkpoint: not signed by the log's key")
    return _of(opened, origin)


def _of(opened: Note, origin: str) -> Checkpoint:
    found = parse(opened.text)
    if found.origin != origin:
        raise BadNote(f"checkpoint: origin is not {origin}")
    return found
