"""Multipart forms (RFC 7578): every part read by its own type, names and file names included.

A part without a type is one text cell at `/name`; one with a type is decoded under `/name`; file
names stand at `file:/name`, part names are keys. The body is one record. Text before the first or
after the last boundary, header fields other than Content-Disposition and Content-Type, transfer
encodings, encoded file names and nested multiparts are refused. Files that are read in another
process are written anew, as they are outside of forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from classifiers.model import KEY_PREFIX, Batch, CellKind, Column
from gateway.codecs.model import (
    Change,
    CodecFault,
    Decoder,
    Document,
    Edit,
    MalformedBody,
    handles_end,
    splice,
)
from gateway.codecs.places import escape
from gateway.codecs.sandbox import SandboxedDocument

MAX_PARTS: Final = 1_000
MAX_SANDBOXED: Final = 8  # parts that take a process each
BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,./:=?-]{1,70}")  # RFC 2046 §5.1.1, without spaces
_QUOTED: Final = rb'"((?:[^"\\\r\n]|\\.)*)"'
_DISPOSITION: Final = re.compile(
    rb"content-disposition:[ \t]*form-data;[ \t]*name=" + _QUOTED
    + rb"(?:;[ \t]*filename=" + _QUOTED + rb")?[ \t]*",
    re.IGNORECASE,
)  # fmt: skip
_TYPE: Final = re.compile(rb"content-type:[ \t]*([^\r\n]*)", re.IGNORECASE)
_UNIT: Final = re.compile(r"%0[AaDd]|%22|\\.|.", re.DOTALL)
_SPELLINGS: Final = {"%22": '"', "%0a": "\n", "%0d": "\r"}
_Select = Callable[[str], Decoder]  # media type -> decoder


class _Field:
    """A part without a type: one text."""

    def __init__(self, body: bytes, prefix: str, name: str, where: str) -> None:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise MalformedBody(where, "invalid UTF-8") from None
        column = Column(prefix, name, CellKind.TEXT, [text], [0], [0], [0])
        self.batch = Batch([column], records=1, source_bytes=len(body))
        self._body, self._text = body, text

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        change = edits.get(0)
        if change is None:
            return self._body
        return "".join(splice(self._text, change)).encode() if isinstance(change, Edit) else b""


@dataclass(frozen=True, slots=True)
class _Part:
    """One part: its raw header with the spans of both names in it, and what it holds."""

    header: bytes
    name: tuple[int, int]
    filename: tuple[int, int] | None
    document: Document
    first: int  # its name's handle; then its file name's, then those of its cells

    @property
    def rewritten(self) -> bool:
        return isinstance(self.document, SandboxedDocument)

    @property
    def end(self) -> int:
        return self.first + 2 + handles_end(self.document.batch.columns)


class MultipartDocument:
    """A decoded form."""

    def __init__(
        self, body: bytes, boundary: bytes, *, select: _Select, key_cells: bool, prefix: str
    ) -> None:
        """`select` chooses the decoder of a typed part."""
        self._body, self._boundary, self._select = body, boundary, select
        self._prefix = prefix
        self._parts: list[_Part] = []
        self._columns: list[Column] = []
        names: dict[str, list[int]] = {}
        for number, raw in enumerate(self._cut(body), start=1):
            name, part = self._read(raw, f"part {number}")
            names.setdefault(name, []).append(part.first)
            self._parts.append(part)
            if sum(each.rewritten for each in self._parts) > MAX_SANDBOXED:
                raise MalformedBody(f"part {number}", f"the file past the {MAX_SANDBOXED} allowed")
        refs = [ref for ref, handles in enumerate(names.values()) for _ in handles]
        handles = [handle for found in names.values() for handle in found]
        keys = Column(KEY_PREFIX + prefix, "", CellKind.KEY, list(names), (), (), ())
        if key_cells:
            keys = msgspec.structs.replace(keys, rows=[0] * len(refs), refs=refs, handles=handles)
        unread = [each for part in self._parts for each in part.document.batch.opaque]
        self.batch = Batch([keys, *self._columns], 1, len(body), unread)

    @property
    def rewritten(self) -> bool:
        """Whether a part leaves written anew though nothing in it was treated."""
        return any(part.rewritten for part in self._parts)

    def _cut(self, body: bytes) -> list[bytes]:
        """The parts between the boundaries, which must be all there is."""
        line = b"--" + self._boundary
        start, *parts = (b"\r\n" + body).split(b"\r\n" + line)
        end = parts.pop() if parts else b""
        if start or end not in (b"--", b"--\r\n") or len(parts) > MAX_PARTS:
            raise MalformedBody("the whole body", "no clean sequence of parts")
        for number, part in enumerate(parts, start=1):
            if not part.startswith(b"\r\n"):
                raise MalformedBody(f"part {number}", "text after a boundary")
        return [part[2:] for part in parts]

    def _read(self, raw: bytes, where: str) -> tuple[str, _Part]:
        head, blank, content = raw.partition(b"\r\n\r\n")
        if not blank:
            raise MalformedBody(where, "no end of the header")
        disposition, media = self._header(head, where)
        name = _spelt(disposition[1], where)
        first = self._parts[-1].end if self._parts else 0
        pointer = f"{self._prefix}/{escape(name)}"
        document: Document = (
            _Field(content, pointer, name, where)
            if media is None
            else self._select(media)(content, prefix=pointer)
        )
        has_file = disposition[2] is not None
        if has_file:
            text = _spelt(disposition[2], where)
            at = f"file:/{escape(name)}"
            self._columns.append(Column(at, name, CellKind.TEXT, [text], [0], [0], [first + 1]))
        for column in document.batch.columns:
            handles = [handle + first + 2 for handle in column.handles]
            rows = [0] * len(column.rows)
            self._columns.append(msgspec.structs.replace(column, rows=rows, handles=handles))
        filename = disposition.span(2) if has_file else None
        return name, _Part(head + blank, disposition.span(1), filename, document, first)

    def _header(self, head: bytes, where: str) -> tuple[re.Match[bytes], str | None]:
        """The disposition, at its place in `head`, and the media type."""
        disposition: re.Match[bytes] | None = None
        media: str | None = None
        at = 0
        for line in head.split(b"\r\n"):
            end = at + len(line)
            found = _DISPOSITION.fullmatch(head, at, end)
            typed = _TYPE.fullmatch(line)
            if found and disposition is None:
                disposition = found
            elif typed and media is None:
                media = typed[1].decode("latin-1")
            else:
                raise MalformedBody(where, "a header field that is not understood")
            at = end + 2
        if disposition is None:
            raise MalformedBody(where, "no Content-Disposition")
        return disposition, media

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The form with `edits` written in. Raises `CodecFault` where they do not fit."""
        if not (edits or self.rewritten):
            return self._body
        if edits and not (self._parts and 0 <= min(edits) <= max(edits) < self._parts[-1].end):
            raise CodecFault("an edit names a cell that the body does not have")
        out = []
        for part in self._parts:
            own = {h - part.first: edits[h] for h in range(part.first, part.end) if h in edits}
            cells = {handle - 2: change for handle, change in own.items() if handle > 1}
            content = part.document.encode(cells)
            if (cells or part.rewritten) and b"\r\n--" + self._boundary in b"\r\n" + content:
                raise CodecFault("an edit's text holds the boundary")
            out += [b"--", self._boundary, b"\r\n", _headed(part, own), content, b"\r\n"]
        tail = b"--\r\n" if self._body.endswith(b"--\r\n") else b"--"
        return b"".join([*out, b"--", self._boundary, tail])


def _headed(part: _Part, edits: Mapping[int, Change]) -> bytes:
    """A part's header with its file name and name replaced, the later one first."""
    header = part.header
    for handle, span in ((1, part.filename), (0, part.name)):
        change = edits.get(handle)
        if change is None:
            continue
        if span is None or (handle == 0 and not isinstance(change, Edit)):
            raise CodecFault("a part's name cannot be removed, only changed")
        new = ""
        if isinstance(change, Edit):
            units = _UNIT.findall(header[span[0] : span[1]].decode())
            pieces = tuple(p._replace(text=_quoted(p.text)) for p in change.pieces)
            new = "".join(splice(units, Edit(pieces)))
        header = header[: span[0]] + new.encode() + header[span[1] :]
    return header


def _spelt(raw: bytes, where: str) -> str:
    """A name as it was meant: `%22`, `%0D` and `%0A` (HTML), backslashes (RFC 2183)."""
    try:
        units = _UNIT.findall(raw.decode())
    except UnicodeDecodeError:
        raise MalformedBody(where, "a name that is not UTF-8") from None
    return "".join(
        unit if len(unit) == 1 else _SPELLINGS.get(unit.lower(), unit[-1]) for unit in units
    )


def _quoted(text: str) -> str:
    return text.replace("\\", "_").replace('"', "%22").replace("\n", "%0A").replace("\r", "%0D")


def decode(
    body: bytes,
    *,
    records: str = "",
    key_cells: bool = False,
    prefix: str = "",
    boundary: str,
    select: _Select,
) -> MultipartDocument:
    """Read a form. `records` does not apply. Raises `MalformedBody`, and what its parts raise."""
    del records
    return MultipartDocument(
        body, boundary.encode(), select=select, key_cells=key_cells, prefix=prefix
    )
