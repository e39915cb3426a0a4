"""Frames: the groups of an active segment as they lie on disk.

A7 'AB1' | u32 length | u32 CRC-32 | payload, where the payload is (u32 length, entry)* and the
hash-chain head after the last entry; integers are big-endian, length and CRC are the payload's.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator, Sequence
from mmap import mmap
from typing import BinaryIO, Final, NamedTuple

from audit_log.compiled import twin
from audit_log.entry import MAX_ENTRY_BYTES, Parts, stamp
from audit_log.tree import leaf_hashes

MAGIC: Final = b"\xa7AB1"
MAX_GROUP: Final = 256
CHAIN_BYTES: Final = 32
MAX_PAYLOAD: Final = MAX_GROUP * (MAX_ENTRY_BYTES + 4) + CHAIN_BYTES
_HEAD: Final = struct.Struct(">4sII")
_LENGTH: Final = struct.Struct(">I")
_PIECE: Final = 1 << 20
MAX_FRAME: Final = _HEAD.size + MAX_PAYLOAD


class Frame(NamedTuple):
    """One group: its entries, the chain head after them, and where it ends in the file."""

    entries: Sequence[bytes]
    chain: bytes
    end: int


def chain_start(origin: str) -> bytes:
    """Head of the empty hash chain of the log named `origin`."""
    return hashlib.sha256(b"silkgate audit chain v1\n" + origin.encode() + b"\n").digest()


@twin
def chain_next(head: bytes, leaves: Sequence[bytes]) -> bytes:
    """Head after `leaves`: SHA-256(02 || head || leaf hash), leaf by leaf."""
    sha256 = hashlib.sha256
    for leaf in leaves:
        head = sha256(b"\x02" + head + leaf).digest()
    return head


@twin
def compose(
    drafts: Sequence[Parts], seq: int, ts_us: int, head: bytes
) -> tuple[bytes, list[bytes], bytes]:
    """Payload, leaf hashes and chain head of a group: entries from `seq` on, after `head`."""
    entries = [stamp(parts, seq + at, ts_us) for at, parts in enumerate(drafts)]
    leaves = leaf_hashes(entries)
    head = chain_next(head, leaves)
    return payload(entries, head), leaves, head


def payload(entries: Sequence[bytes], chain: bytes) -> bytes:
    """What the frame of one group holds."""
    pieces = [piece for entry in entries for piece in (_LENGTH.pack(len(entry)), entry)]
    return b"".join((*pieces, chain))


def encode(payload: bytes) -> bytes:
    """The frame of one group."""
    return _HEAD.pack(MAGIC, len(payload), zlib.crc32(payload)) + payload


def frames(data: bytes | mmap) -> Iterator[Frame]:
    """The whole frames from the start of `data`, up to the first that is not whole."""
    end = 0
    while frame := _frame_at(data, end):
        yield frame
        end = frame.end


class FrameFile:
    """The whole frames of a file, read piece by piece, up to the first that is not whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.rest = b""  # once all are read: what follows the last whole frame

    def __iter__(self) -> Iterator[Frame]:
        data, at = b"", 0
        while more := self._file.read(max(_PIECE, len(data) - at)):
            data, at = data[at:] + more, 0
            while frame := _frame_at(data, at):
                yield frame
                at = frame.end
        self.rest = data[at:]


def holds_frame(data: bytes) -> bool:
    """Whether a whole frame starts anywhere in `data`.

    After a crash none can follow a torn one, since a group is written only when the one before
    it is durable. An entry cannot fake one: canonical JSON has no NUL byte, a length always has.
    """
    at = data.find(MAGIC)
    while at >= 0:
        if _frame_at(data, at):
            return True
        at = data.find(MAGIC, at + 1)
    return False


def salvage(data: bytes) -> Frame | None:
    """The frame at the start though its CRC is wrong, for naming the entry that was changed."""
    return _frame_at(data, 0, check=False)


def _frame_at(data: bytes | mmap, start: int, *, check: bool = True) -> Frame | None:
    if len(data) - start < _HEAD.size:
        return None
    magic, length, crc = _HEAD.unpack_from(data, start)
    body = start + _HEAD.size
    end = body + length
    if magic != MAGIC or not CHAIN_BYTES < length <= MAX_PAYLOAD or end > len(data):
        return None
    if check and zlib.crc32(memoryview(data)[body:end]) != crc:
        return None
    entries = split(data, body, end - CHAIN_BYTES)
    return Frame(entries, data[end - CHAIN_BYTES : end], end) if entries else None


@twin
def split(data: bytes | mmap, start: int, end: int) -> list[bytes] | None:
    """The entries behind their lengths in data[start:end]; None if the last is cut off."""
    found = []
    unpack, width = _LENGTH.unpack_from, _LENGTH.size
    while start < end:
        if end - start < width:
            return None
        (length,) = unpack(data, start)
        start += width
        found.append(data[start : start + length])
        start += length
    return found if start == end else None
