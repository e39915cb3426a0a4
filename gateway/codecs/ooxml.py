"""Office Open XML packages (ECMA-376 part 2): a ZIP archive of XML parts, opened with suspicion.

Every part is read whole and once, within a byte budget; a part whose size or checksum differs from
what the archive says, that is named twice, encrypted or packed in another way than deflate, is
refused. What stands between the parts is not kept: a package is always packed anew.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.codecs.model import BodyTooLarge, MalformedBody

MAX_PARTS: Final = 4_096
MAX_UNPACKED: Final = 512 * 1024 * 1024  # bytes of all parts together
_START: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Package:
    """The parts by name, in the archive's order."""

    parts: Mapping[str, bytes]


def unpack(body: bytes) -> Package:
    """Read every part of `body`. Raises `MalformedBody` or `BodyTooLarge`."""
    if not body.startswith(_START):
        raise MalformedBody("the whole body", "no Office Open XML package (or an encrypted one)")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
            _check(entries)
            parts = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError):
        raise MalformedBody("the whole body", "a damaged archive") from None
    return Package(parts)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The parts as an archive, with no dates and no comments."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, _EPOCH), part, compress_type=zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise MalformedBody("the whole body", f"more than {MAX_PARTS} parts")
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise MalformedBody("the whole body", "two parts of one name")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise BodyTooLarge(f"the unpacked parts are over {MAX_UNPACKED} bytes")
    if any(e.flag_bits & _ENCRYPTED or e.compress_type not in _METHODS for e in entries):
        raise MalformedBody("the whole body", "a part that is encrypted or packed unusually")
