"""Plain UTF-8 text: each line a record with one cell at pointer "".

Lines end in LF or CRLF; the ends, and a byte order mark, are no part of a cell. An empty line is a
record without a cell.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Final

from classifiers.model import Batch, CellKind, Column
from gateway.codecs.model import Change, CodecFault, Edit, MalformedBody, splice
from gateway.codecs.places import fold

_END: Final = re.compile(r"(\r?\n)")


class TextDocument:
    """Decoded lines. A cell's handle is its line's number, from 0."""

    def __init__(self, body: bytes, text: str, prefix: str) -> None:
        """`text`: the decoded body without its byte order mark."""
        self._body = body
        self._parts = _END.split(text)  # lines at even places, their ends between
        lines = self._parts[::2]
        if not lines[-1]:
            lines = lines[:-1]
        rows = [row for row, line in enumerate(lines) if line]
        values, refs = fold([lines[row] for row in rows])
        column = Column(prefix, "", CellKind.TEXT, values, rows, refs, rows)
        self.batch = Batch([column], records=len(lines), source_bytes=len(body))

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The text with `edits` written in. Raises `CodecFault` where they do not fit."""
        if not edits:
            return self._body
        parts = list(self._parts)
        for handle, change in edits.items():
            if not 0 <= 2 * handle < len(parts):
                raise CodecFault("an edit names a line that the body does not have")
            parts[2 * handle] = _written(parts[2 * handle], change)
        mark = codecs.BOM_UTF8 if self._body.startswith(codecs.BOM_UTF8) else b""
        return mark + "".join(parts).encode()


def _written(line: str, change: Change) -> str:
    if not isinstance(change, Edit):
        return ""
    for piece in change.pieces:
        if "\n" in piece.text:
            raise CodecFault("an edit would break a line in two")
    return "".join(splice(line, change))


def decode(
    body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = ""
) -> TextDocument:
    """Read UTF-8 text. `records` and `key_cells` do not apply. Raises `MalformedBody`."""
    del records, key_cells
    try:
        text = body.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise MalformedBody(f"byte {error.start}", "invalid UTF-8") from None
    return TextDocument(body, text, prefix)
