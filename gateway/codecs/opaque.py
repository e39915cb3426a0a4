"""Content of types that nobody here reads, which a route may carry where policy lets it.

Its bytes leave as they came or not at all. What can be read in them without knowing the format
(runs of text, as `strings` finds them) stands in cells that cannot be changed, so that a name in a
picture's or document's metadata is found. What is plainly of another type than it says is refused:
else a listed type would be a way past the readers of all others.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Final

from classifiers.model import Batch, CellKind, Column, Opaque
from gateway.codecs.model import Change, CodecFault, UnsupportedMedia, Untreatable
from gateway.codecs.places import fold

# How a type's bytes begin. A body begins as its type says, and as no other type's.
_BEGINNINGS: Final = {
    rb"\x89PNG\r\n\x1a\n": "image/png image/apng",
    rb"\xff\xd8\xff": "image/jpeg",
    rb"GIF8[79]a": "image/gif",
    rb"II\*\0|MM\0\*": "image/tiff image/x-adobe-dng",
    rb"RIFF.{4}WEBP": "image/webp",
    rb"RIFF.{4}WAVE": "audio/wav audio/wave audio/x-wav audio/vnd.wave",
    rb"RIFF.{4}AVI ": "video/x-msvideo video/avi video/vnd.avi",
    rb".{4}ftyp": "video/mp4 audio/mp4 video/quicktime video/3gpp image/heic image/heif image/avif",
    rb"%PDF-": "application/pdf",
    rb"OggS": "audio/ogg video/ogg application/ogg audio/opus",
    rb"ID3|\xff[\xf2\xf3\xfa\xfb]": "audio/mpeg",
    rb"fLaC": "audio/flac",
    rb"\x1a\x45\xdf\xa3": "video/webm audio/webm video/x-matroska",
    rb".{128}DICM": "application/dicom",
    rb"PK(?:\x03\x04|\x05\x06)": "application/zip application/epub+zip application/java-archive"
    " application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    " application/vnd.openxmlformats-officedocument.presentationml.presentation"
    " application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet"
    " application/vnd.oasis.opendocument.presentation",
    rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "application/msword application/vnd.ms-excel"
    " application/vnd.ms-powerpoint application/vnd.ms-outlook",
    rb"\x1f\x8b": "application/gzip application/x-gzip",
    rb"\x28\xb5\x2f\xfd": "application/zstd",
    rb"BZh[1-9]1AY": "application/x-bzip2",
    rb"\xfd7zXZ\0": "application/x-xz",
    rb"7z\xbc\xaf\x27\x1c": "application/x-7z-compressed",
    rb"Rar!\x1a\x07": "application/vnd.rar application/x-rar-compressed",
    rb"SQLite format 3\0": "application/vnd.sqlite3 application/x-sqlite3",
    rb"PAR1|ARROW1\0\0|\xff\xff\xff\xff.{4}[\x0c-\x20]\0\0\0": "",  # Parquet and Arrow: read here
}
_KNOWN: Final = [
    (re.compile(pattern, re.DOTALL), frozenset(media.split()))
    for pattern, media in _BEGINNINGS.items()
]
_WORKBOOK: Final = re.compile(rb"PK\x03\x04.{26}xl/", re.DOTALL)  # a file of an Excel workbook
# Runs of characters: UTF-8, and ASCII in UTF-16 of either byte order.
_CHARACTER: Final = (
    rb"[\x20-\x7e\t]|[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
)
_RUNS: Final = (
    (re.compile(rb"(?:" + _CHARACTER + rb"){6,}|(?:[\xe4-\xe9][\x80-\xbf]{2}){3,}"), "utf-8"),
    (re.compile(rb"(?:[\x20-\x7e]\0){6,}"), "utf-16-le"),
    (re.compile(rb"(?:\0[\x20-\x7e]){6,}"), "utf-16-be"),
)
# What tells text from noise, of which packed pictures are full: digits, an address, two words,
# Chinese. None of them is found by chance in some hundred megabytes.
_SPEAKS: Final = re.compile(
    r"[0-9]{6}|[0-9]{3}[ ()-][0-9]{3,4}[ -]?[0-9]|[\w.+-]{3,}@[\w-]{2,}\.[A-Za-z]{2}"
    r"|[A-Za-z][a-z]{2,}[ ,._-][A-Za-z][a-z]{2,}|[A-Z]{4,} [A-Z]{4,}|[\u4e00-\u9fff]{3}"
)
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class OpaqueDocument:
    """A body that is passed on as it is. Its cells are the runs of text in it."""

    def __init__(self, body: bytes, media: str, prefix: str) -> None:
        """Raises `UnsupportedMedia` where it is plainly of another type than `media`."""
        _check(body, media)
        self._body = body
        values, refs = fold(list(_texts(body)))
        cells = range(len(refs))
        column = Column(prefix, "", CellKind.TEXT, values, [0] * len(refs), refs, cells)
        unread = Opaque(media, len(body), hashlib.sha256(body).hexdigest())
        self.batch = Batch([column] if values else [], 1, len(body), [unread])

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The body. Raises `Untreatable` where anything in it is to be changed."""
        if any(not 0 <= handle < self.batch.cells for handle in edits):
            raise CodecFault("an edit names a text that the body does not have")
        if edits:
            raise Untreatable("a text in content that can only leave as it is")
        return self._body


def _check(body: bytes, media: str) -> None:
    as_it_says = [media in types for beginning, types in _KNOWN if beginning.match(body)]
    if any(as_it_says):
        if _WORKBOOK.search(body):
            raise UnsupportedMedia(f"an Excel workbook was sent as {media}: send it as what it is")
        return
    if as_it_says or any(media in types for _, types in _KNOWN):
        raise UnsupportedMedia(f"the content does not begin as {media} does")
    if _is_text(body):
        raise UnsupportedMedia(f"readable text was sent as {media}: send it as what it is")


def _is_text(body: bytes) -> bool:
    try:
        text = body.decode("utf-16" if body.startswith(_MARKS) else "utf-8")
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def _texts(body: bytes) -> Iterator[str]:
    for pattern, charset in _RUNS:
        for run in pattern.finditer(body):
            text = run[0].decode(charset, "replace")
            if _SPEAKS.search(text):
                yield text


def decode(
    body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = "", media: str
) -> OpaqueDocument:
    """Take `body` as it is. Raises `UnsupportedMedia` where it is not of the type `media`."""
    del records, key_cells
    return OpaqueDocument(body, media, prefix)
