"""JSON (RFC 8259) to columns and back.

Parsed once by jiter: duplicate keys, NaN, lone surrogates, a byte order mark and invalid UTF-8
are refused, and numbers keep their lexical form. A body without edits is written as it came; one
with edits is cut into its tokens, of which only the edited ones change.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, Final

import jiter

from classifiers.model import Batch, CellKind
from gateway.codecs.model import REMOVE, Change, CodecFault, Document, MalformedBody
from gateway.codecs.places import Place, Walk
from gateway.codecs.strings import null_for, scalar, string
from gateway.codecs.tokens import Positions
from gateway.codecs.walked import walked

_TOKEN: Final = re.compile(
    rb'("[^"\\]*(?:\\.[^"\\]*)*"|[-0-9][0-9.eE+\-]*|true|false|null)', re.DOTALL
)
_ESCAPED_QUOTE: Final = b'\\"'
_NULL: Final = b"\x00"  # for a removed value; no JSON text holds this byte
_POSITION: Final = re.compile(r" at line (\d+) column (\d+)$")
_QUOTED: Final = re.compile(r' ".*"', re.DOTALL)


class JsonDocument:
    """A decoded JSON body, or a sequence of JSON texts in one body."""

    def __init__(self, body: bytes, root: Place, walk: Walk, records: int) -> None:
        """`root` holds the body's top-level values, `walk` what they were cut into."""
        self.batch = Batch(columns=walk.columns, records=records, source_bytes=len(body))
        self._body = body
        self._walk = walk
        self._firsts = [0]
        for column in walk.columns:
            self._firsts.append(self._firsts[-1] + len(column.handles))

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The body with `edits` written in. Raises `CodecFault` where they do not fit."""
        if not edits:
            return self._body
        cells = [(*self._located(handle), change) for handle, change in edits.items()]
        kinds = {self.batch.columns[index].kind for index, _, _ in cells}
        if kinds <= {CellKind.TEXT, CellKind.KEY} and _ESCAPED_QUOTE not in self._body:
            return self._strings_written(cells)
        parts = _TOKEN.split(self._body)  # what is between tokens at even places
        positions = self._positions(parts, strings_only=False)
        for index, number, change in cells:
            column = self.batch.columns[index]
            part = 2 * self._ordinal(positions, index, number) + 1
            text = column.values[column.refs[number]]
            if change is REMOVE:
                parts[part] = null_for(column.kind, b"null")
            elif column.kind in (CellKind.NUMBER, CellKind.BOOLEAN):
                parts[part] = scalar(text, change, column.kind)
            else:
                parts[part] = b'"' + string(parts[part][1:-1], text, change) + b'"'
        return b"".join(parts)

    def _strings_written(self, cells: Sequence[tuple[int, int, Change]]) -> bytes:
        """The same, faster: with no escaped quote in the body, every quote ends a string."""
        parts = self._body.split(b'"')  # insides of strings at odd places
        positions = self._positions(parts, strings_only=True)
        for index, number, change in cells:
            column = self.batch.columns[index]
            part = 2 * self._ordinal(positions, index, number) + 1
            if change is REMOVE:
                parts[part] = null_for(column.kind, _NULL)
            else:
                parts[part] = string(parts[part], column.values[column.refs[number]], change)
        return b'"'.join(parts).replace(b'"' + _NULL + b'"', b"null")

    def _positions(self, parts: Sequence[bytes], *, strings_only: bool) -> Positions:
        positions = Positions(self._walk.places, strings_only=strings_only)
        if positions.count != len(parts) // 2:
            raise CodecFault("the body's tokens are not the ones that were decoded")
        return positions

    def _located(self, handle: int) -> tuple[int, int]:
        """The column of a cell and its number within the column."""
        if not 0 <= handle < self._firsts[-1]:
            raise CodecFault("an edit names a cell that the body does not have")
        index = bisect_right(self._firsts, handle) - 1
        return index, handle - self._firsts[index]

    def _ordinal(self, positions: Positions, index: int, number: int) -> int:
        """Which token of the body the cell is."""
        for source in self._walk.sources[index]:
            count = len(source.place.values) if source.at is None else len(source.at)
            if number < count:
                value = number if source.at is None else source.at[number]
                return positions.starts(source.place)[value] - source.keys
            number -= count
        raise CodecFault("an edit names a cell that the body does not have")


def decode(
    body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = ""
) -> Document:
    """Read one JSON text. Raises `MalformedBody`.

    With `records` empty, a top-level array's elements are the records, else the body is one. A
    JSON Pointer through objects names an inner array; cells outside it are shared by all records
    and stand in row -1. If no such array is there, or it is empty, the body is one record.
    """
    found = None if key_cells else walked(body, records=records, prefix=prefix)
    if found is not None:
        return found
    value = parse(body)
    whole = Place(prefix, "", [value], [0])
    items = _array_at(value, records)
    if items is None:
        return document(body, whole, records=1, key_cells=key_cells)
    whole.rows = [-1] if records else [0]
    return document(body, whole, records=len(items), items=prefix + records, key_cells=key_cells)


def document(
    body: bytes, root: Place, *, records: int, items: str | None = None, key_cells: bool = False
) -> JsonDocument:
    """The document of already parsed top-level values; `items`: pointer of the records' array."""
    walk = Walk(root, items=items, key_cells=key_cells)
    return JsonDocument(body, root, walk, records)


def parse(text: bytes, *, line: int = 0) -> Any:
    """One JSON text as Python values. `line` numbers it within a body of several."""
    try:
        return jiter.from_json(
            text, catch_duplicate_keys=True, float_mode="lossless-float", allow_inf_nan=False
        )
    except ValueError as error:
        raise _malformed(str(error), line) from None  # the parser's message may quote a key


def _malformed(message: str, line: int) -> MalformedBody:
    found = _POSITION.search(message)
    what = _QUOTED.sub("", message[: found.start()] if found else message)
    if found is None:
        return MalformedBody(f"line {line or 1}", what)
    return MalformedBody(f"line {int(found[1]) + max(line - 1, 0)} column {found[2]}", what)


def _array_at(value: Any, records: str) -> Sequence[Any] | None:
    """The array of records, if there is one and it holds any."""
    for token in records.split("/")[1:]:
        key = token.replace("~2", "*").replace("~1", "/").replace("~0", "~")
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, list) and (value or not records) else None
