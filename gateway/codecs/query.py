"""The query of a URL as form-urlencoded parameters (URL standard §5.1), and back.

Parameters are split at `&`; `+` is a space and `%XX` a byte of UTF-8. What is untouched keeps its
spelling byte for byte. The whole query is one record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote_plus

from classifiers.model import KEY_PREFIX, Batch, CellKind, Column
from gateway.codecs.model import Change, CodecFault, Edit, MalformedBody, Piece, splice
from gateway.codecs.places import MAX_PLACES, escape, fold

_OCTET: Final = re.compile(rb"%[0-9A-Fa-f]{2}|[^%]", re.DOTALL)
_UNITS: Final = ((0x80, 1), (0xE0, 2), (0xF0, 3), (0x100, 4))  # UTF-8 length by lead byte


class QueryDocument:
    """Decoded parameters. Handle 2n is the name of parameter n, 2n + 1 its value."""

    def __init__(self, body: bytes, *, key_cells: bool, prefix: str) -> None:
        """Raises `MalformedBody` where a parameter is not percent-encoded UTF-8."""
        self._body = body
        self._tokens = _tokens(body)
        self._texts = [
            None if token is None else _decoded(token, number // 2)
            for number, token in enumerate(self._tokens)
        ]
        names: dict[str, list[int]] = {}
        for number, name in enumerate(self._texts[::2]):
            names.setdefault(name or "", []).append(number)
        if len(names) > MAX_PLACES:
            raise MalformedBody("the whole query", f"more than {MAX_PLACES} different names")
        columns = [self._values(prefix, name, numbers) for name, numbers in names.items()]
        if names:
            columns.insert(0, _names(prefix, names, key_cells=key_cells))
        self.batch = Batch(columns, records=1, source_bytes=len(body))

    def _values(self, prefix: str, name: str, numbers: list[int]) -> Column:
        cells = [(2 * n + 1, text) for n in numbers if (text := self._texts[2 * n + 1]) is not None]
        values, refs = fold([text for _, text in cells])
        handles = [handle for handle, _ in cells]
        pointer = f"{prefix}/{escape(name)}"
        return Column(pointer, name, CellKind.TEXT, values, [0] * len(cells), refs, handles)

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The query with `edits` written in. Raises `CodecFault` where they do not fit."""
        if not edits:
            return self._body
        tokens = list(self._tokens)
        for handle, change in edits.items():
            token = tokens[handle] if 0 <= handle < len(tokens) else None
            if token is None:
                raise CodecFault("an edit names a parameter that the query does not have")
            if handle % 2 == 0 and not isinstance(change, Edit):
                raise CodecFault("a parameter's name cannot be removed, only renamed")
            tokens[handle] = _written(token, change)
        pairs = zip(tokens[::2], tokens[1::2], strict=True)
        return b"&".join(
            (name or b"") + (b"" if value is None else b"=" + value) for name, value in pairs
        )


def _tokens(body: bytes) -> list[bytes | None]:
    """Raw name and value of each parameter in turn; the value is None where there is no `=`."""
    tokens: list[bytes | None] = []
    for parameter in body.split(b"&") if body else ():
        name, equals, value = parameter.partition(b"=")
        tokens += [name, value if equals else None]
    return tokens


def _names(prefix: str, names: Mapping[str, list[int]], *, key_cells: bool) -> Column:
    values = list(names)
    if not key_cells:
        return Column(KEY_PREFIX + prefix, "", CellKind.KEY, values, (), (), ())
    refs = [ref for ref, numbers in enumerate(names.values()) for _ in numbers]
    handles = [2 * number for numbers in names.values() for number in numbers]
    return Column(KEY_PREFIX + prefix, "", CellKind.KEY, values, [0] * len(refs), refs, handles)


def _decoded(token: bytes, number: int) -> str:
    octets = _OCTET.findall(token)
    if sum(map(len, octets)) != len(token):
        raise MalformedBody(f"parameter {number + 1}", "a percent sign without two hex digits")
    try:
        return bytes(map(_byte, octets)).decode()
    except UnicodeDecodeError:
        raise MalformedBody(f"parameter {number + 1}", "invalid UTF-8") from None


def _byte(octet: bytes) -> int:
    if len(octet) == 3:
        return int(octet[1:], 16)
    return 0x20 if octet == b"+" else octet[0]


def _written(token: bytes, change: Change) -> bytes:
    if not isinstance(change, Edit):
        return b""
    pieces = tuple(Piece(p.start, p.end, quote_plus(p.text)) for p in change.pieces)
    return "".join(splice(_units(token), Edit(pieces))).encode("latin-1")


def _units(token: bytes) -> list[str]:
    """The raw spelling of each code point, as Latin-1."""
    octets = _OCTET.findall(token)
    units = []
    at = 0
    while at < len(octets):
        lead = _byte(octets[at])
        length = next(length for below, length in _UNITS if lead < below)
        units.append(b"".join(octets[at : at + length]).decode("latin-1"))
        at += length
    return units


def decode(
    body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = "query:"
) -> QueryDocument:
    """Read a query without its `?`. `records` does not apply. Raises `MalformedBody`."""
    del records
    return QueryDocument(body, key_cells=key_cells, prefix=prefix)
