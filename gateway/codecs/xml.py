"""XML 1.0 to columns and back, without document types, entities, stylesheets or XInclude.

Elements and attributes are places: `/Document/Nm`, `/Document/Amt/@Ccy`, with the prefixes the
body uses. Texts, attributes and comments are cells, element and attribute names are keys (which
cannot be renamed: a name that must be treated stops the export). Read by expat; what is untouched
keeps its bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final
from xml.parsers import expat
from xml.sax.saxutils import escape as xml_escape

from classifiers.model import KEY_PREFIX, Batch, CellKind, Column
from gateway.codecs.model import (
    Change,
    CodecFault,
    Edit,
    MalformedBody,
    Piece,
    UnsupportedCharset,
    splice,
)
from gateway.codecs.places import MAX_PLACES, MAX_POINTER, escape, fold

MAX_DEPTH: Final = 200
_XINCLUDE: Final = "http://www.w3.org/2001/XInclude"
_ATTRIBUTE: Final = re.compile(rb"""[ \t\r\n]([^\s=]+)[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*')""")
_UNIT: Final = re.compile(r"&[^;]*;|\r\n|.", re.DOTALL)
_FORBIDDEN: Final = re.compile(  # what is no character of XML 1.0 §2.2
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_CDATA: Final = b"<![CDATA["
_CDATA_END: Final = b"]]>"
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_COMMENT: Final = (len("<!--"), len("-->"))
_Span = tuple[int, int]  # in bytes of the body


class _Reader:
    """Cells as expat meets them, each with the bytes it is written in."""

    def __init__(self, body: bytes, records: str, prefix: str) -> None:
        self.cells: dict[str, tuple[str, list[str], list[int], list[int]]] = {}
        self.names: dict[str, None] = {}
        self.spans: list[_Span] = []
        self.records = 0
        self._body, self._record, self._prefix = body, records, prefix
        self._path: list[str] = []
        self._inside = -1  # the record that the reader is in
        self._text: list[str] = []
        self._text_start = 0
        self._parser = expat.ParserCreate()
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.CommentHandler = self._comment
        self._parser.StartDoctypeDeclHandler = self._refused
        self._parser.ProcessingInstructionHandler = self._refused
        self._parser.XmlDeclHandler = self._declaration

    def read(self) -> None:
        """Raises `MalformedBody` or `UnsupportedCharset`."""
        if b"\0" in self._body[:2] or self._body.startswith(_UTF_16):  # which expat would read
            raise UnsupportedCharset("XML must be in UTF-8")
        try:
            self._parser.Parse(self._body, True)
        except expat.ExpatError as error:
            where = f"line {error.lineno} column {error.offset + 1}"
            raise MalformedBody(where, expat.errors.messages[error.code]) from None

    def _where(self) -> str:
        return (
            f"line {self._parser.CurrentLineNumber} column {self._parser.CurrentColumnNumber + 1}"
        )

    def _refused(self, *_: Any) -> None:
        raise MalformedBody(self._where(), "a document type or processing instruction")

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        del standalone
        if version != "1.0" or (encoding or "utf-8").lower() != "utf-8":
            raise UnsupportedCharset("XML must be version 1.0 in UTF-8")

    def _start(self, name: str, attributes: list[str]) -> None:
        at = self._parser.CurrentByteIndex
        self._close_text(at)
        self._path.append(escape(name))
        self.names[name] = None
        pointer = self._pointer()
        if len(self._path) > MAX_DEPTH or len(pointer) > MAX_POINTER:
            raise MalformedBody(self._where(), "nested too deeply")
        if self._record and pointer == self._prefix + self._record:
            self._inside = self.records
            self.records += 1
        found = list(islice(_ATTRIBUTE.finditer(self._body, at), len(attributes) // 2))
        if [each[1].decode() for each in found] != attributes[::2]:
            raise MalformedBody(self._where(), "attributes that cannot be located")
        for each, name_of, text in zip(found, attributes[::2], attributes[1::2], strict=True):
            if text == _XINCLUDE:  # the name of its namespace, however it is spelt
                raise MalformedBody(self._where(), "XInclude")
            self.names[name_of] = None
            start, end = each.span(2)
            self._cell(f"{pointer}/@{escape(name_of)}", name_of, text, (start + 1, end - 1))

    def _end(self, name: str) -> None:
        del name
        self._close_text(self._parser.CurrentByteIndex)
        if self._record and self._pointer() == self._prefix + self._record:
            self._inside = -1
        self._path.pop()

    def _characters(self, text: str) -> None:
        if not self._text:
            self._text_start = self._parser.CurrentByteIndex
        self._text.append(text)

    def _comment(self, text: str) -> None:
        at = self._parser.CurrentByteIndex
        self._close_text(at)
        first, last = _COMMENT
        end = self._body.index(b"-->", at) + last
        self._cell(f"{self._pointer()}/comment()", "", text, (at + first, end - last))

    def _close_text(self, end: int) -> None:
        text, self._text = "".join(self._text), []
        if text.strip():
            start = self._text_start
            if self._body.startswith(_CDATA, start - len(_CDATA)):
                start -= len(_CDATA)
            name = self._path[-1] if self._path else ""
            self._cell(self._pointer(), name, text, (start, end))

    def _cell(self, pointer: str, name: str, text: str, span: _Span) -> None:
        entry = self.cells.get(pointer)
        if entry is None:
            if len(self.cells) == MAX_PLACES:
                raise MalformedBody(self._where(), f"more than {MAX_PLACES} different places")
            entry = self.cells[pointer] = (name, [], [], [])
        entry[1].append(text)
        entry[2].append(self._inside)
        entry[3].append(len(self.spans))
        self.spans.append(span)

    def _pointer(self) -> str:
        return self._prefix + "".join(f"/{name}" for name in self._path)


class XmlDocument:
    """A decoded XML body. A cell's handle is its ordinal among the body's cells."""

    def __init__(self, body: bytes, reader: _Reader, prefix: str) -> None:
        """`reader` has read `body`."""
        self._body, self._spans = body, reader.spans
        names = Column(KEY_PREFIX + prefix, "", CellKind.KEY, list(reader.names), (), (), ())
        columns = [names]
        self._texts = [""] * len(reader.spans)
        for pointer, (name, texts, rows, handles) in reader.cells.items():
            values, refs = fold(texts)
            inside = rows if reader.records else [0] * len(rows)
            columns.append(Column(pointer, name, CellKind.TEXT, values, inside, refs, handles))
            for handle, text in zip(handles, texts, strict=True):
                self._texts[handle] = text
        self.batch = Batch(columns, records=reader.records or 1, source_bytes=len(body))

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The body with `edits` written in. Raises `CodecFault` where they do not fit."""
        out: list[bytes] = []
        at = 0
        for handle in sorted(edits, key=lambda each: self._span(each)[0]):
            start, end = self._span(handle)
            out += [self._body[at:start], self._written(handle, edits[handle])]
            at = end
        return b"".join([*out, self._body[at:]]) if out else self._body

    def _span(self, handle: int) -> _Span:
        if not 0 <= handle < len(self._spans):
            raise CodecFault("an edit names a cell that the body does not have")
        return self._spans[handle]

    def _written(self, handle: int, change: Change) -> bytes:
        if not isinstance(change, Edit):
            return b""
        if any(_FORBIDDEN.search(piece.text) for piece in change.pieces):
            raise CodecFault("an edit's text cannot stand in XML")
        start, end = self._spans[handle]
        text, raw = self._texts[handle], self._body[start:end]
        if self._body.startswith(b"<!--", start - _COMMENT[0]):
            hyphens = {ord("-"): "\u2010"}  # no comment may hold two of the ASCII ones
            pieces = tuple(p._replace(text=p.text.translate(hyphens)) for p in change.pieces)
            return "".join(splice(text, Edit(pieces))).encode()
        if raw == b"".join((_CDATA, text.encode(), _CDATA_END)):  # one section and nothing else
            new = "".join(splice(text, change))
            if "]]>" not in new and "\r" not in new:
                return b"".join((_CDATA, new.encode(), _CDATA_END))
        units = _UNIT.findall(raw.decode())
        if _CDATA in raw or len(units) != len(text):
            units = [_escaped(char) for char in text]  # spelt anew
        pieces = tuple(Piece(p.start, p.end, _escaped(p.text)) for p in change.pieces)
        return "".join(splice(units, Edit(pieces))).encode()


def _escaped(text: str) -> str:
    return xml_escape(text, {'"': "&quot;", "'": "&apos;", "\r": "&#13;"})


def decode(
    body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = ""
) -> XmlDocument:
    """Read one document. Raises `MalformedBody` or `UnsupportedCharset`.

    `records` is the pointer of the element that each record is; without it, or where it does not
    occur, the body is one record. Names have no cells, whatever `key_cells` says.
    """
    del key_cells
    reader = _Reader(body, records, prefix)
    reader.read()
    return XmlDocument(body, reader, prefix)
