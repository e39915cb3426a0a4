"""CSV (RFC 4180) and TSV to columns and back, in the dialect and charset they came in.

Fields end in the delimiter or a line end (LF or CRLF). The first row names the columns, and its
names are keys; every other row is a record. Rows of another length, a quote inside an unquoted
field, and two columns of one name are refused: other readers may read them otherwise. What is
untouched keeps its quotes, line ends and byte order mark.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Final

from classifiers.model import KEY_PREFIX, Batch, CellKind, Column
from gateway.codecs.csv_fields import written
from gateway.codecs.model import Change, CodecFault, Document, MalformedBody
from gateway.codecs.places import MAX_PLACES, escape, fold
from gateway.codecs.walked_csv import walked

_DELIMITERS: Final = ",;\t|"
_MARK: Final = codecs.BOM_UTF8.decode()
_Fields = list[tuple[str, str]]  # raw field, and what ends it


class CsvDocument:
    """Decoded rows of equal length. A cell's handle is its ordinal in the body, header included."""

    def __init__(
        self, text: str, *, charset: str, delimiter: str, header: bool, key_cells: bool, prefix: str
    ) -> None:
        """`text` is the whole body, its byte order mark included."""
        self._charset = charset
        self._delimiter = delimiter
        self._mark = _MARK if text.startswith(_MARK) else ""
        inner = text[len(self._mark) :]
        self._blanks: dict[int, str] = {}
        self._raw: Sequence[str] = ()
        self._ends: Sequence[str] = ()
        plain = _plain_rows(inner, delimiter)
        if plain is not None:
            texts, width = plain
            self._raw, self._ends = texts, _plain_ends(inner, texts, width, delimiter)
        else:
            fields, self._blanks = _rows(inner, delimiter)
            self._raw = [field for field, _ in fields]
            self._ends = [end for _, end in fields]
            texts = [_unquoted(field) for field in self._raw]
            width = self._width()
        self.batch = Batch(
            self._columns(texts, width, prefix, header=header, key_cells=key_cells),
            records=len(texts) // width - header if texts else 0,
            source_bytes=len(text.encode(charset)),
        )
        self._names = width if header else 0

    def _width(self) -> int:
        """How many fields each row has. Raises `MalformedBody` where they differ."""
        ends = [i for i, end in enumerate(self._ends) if end != self._delimiter]
        width = ends[0] + 1 if ends else 1
        for row, end in enumerate(ends):
            if end != (row + 1) * width - 1:
                raise MalformedBody(
                    f"row {row + 1}", "another number of fields than the first row's"
                )
        if width > MAX_PLACES:
            raise MalformedBody("row 1", f"more than {MAX_PLACES} fields")
        return width

    def _columns(
        self, texts: Sequence[str], width: int, prefix: str, *, header: bool, key_cells: bool
    ) -> list[Column]:
        if not texts:
            return []
        names = list(texts[:width]) if header else [str(i + 1) for i in range(width)]
        twice = [i + 1 for i, name in enumerate(names) if names.index(name) != i]
        if twice:
            raise MalformedBody(f"column {twice[0]}", "the name of an earlier column")
        columns = [_names(names, prefix, cells=key_cells)] if header else []
        first = width if header else 0
        rows = range((len(texts) - first) // width)
        for i, name in enumerate(names):
            values, refs = fold(texts[first + i :: width])
            handles = range(first + i, len(texts), width)
            pointer = f"{prefix}/{escape(name)}"
            columns.append(Column(pointer, name, CellKind.TEXT, values, rows, refs, handles))
        return columns

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The table with `edits` written in. Raises `CodecFault` where they do not fit."""
        fields = list(self._raw)
        for handle, change in edits.items():
            if not 0 <= handle < len(fields):
                raise CodecFault("an edit names a field that the body does not have")
            named = handle < self._names
            fields[handle] = written(self._raw[handle], change, self._delimiter, named=named)
        out = [self._mark]
        if not self._blanks:
            out += chain.from_iterable(zip(fields, self._ends, strict=True))
        else:
            for i, (field, end) in enumerate(zip(fields, self._ends, strict=True)):
                out += [self._blanks.get(i, ""), field, end]
            out.append(self._blanks.get(len(fields), ""))
        try:
            return "".join(out).encode(self._charset)
        except UnicodeEncodeError as error:
            raise CodecFault("an edit's text does not exist in the body's charset") from error


def _names(names: Sequence[str], prefix: str, *, cells: bool) -> Column:
    at: Sequence[int] = range(len(names)) if cells else ()
    rows = [-1] * len(at)  # the header belongs to all records
    return Column(KEY_PREFIX + prefix, "", CellKind.KEY, names, rows, at, at)


def _plain_rows(text: str, delimiter: str) -> tuple[list[str], int] | None:
    """The fields of a table with nothing quoted and rows of one length, and that length.

    None for any other table, which `_rows` reads or refuses.
    """
    if '"' in text or "\r" in text or not text:
        return None
    rows = [line.split(delimiter) for line in text.removesuffix("\n").split("\n")]
    width = len(rows[0])
    if not 2 <= width <= MAX_PLACES or any(map(width.__ne__, map(len, rows))):
        return None
    return list(chain.from_iterable(rows)), width


def _plain_ends(text: str, texts: Sequence[str], width: int, delimiter: str) -> list[str]:
    """What ends each field of such a table."""
    ends = ([delimiter] * (width - 1) + ["\n"]) * (len(texts) // width)
    if not text.endswith("\n"):
        ends[-1] = ""
    return ends


@cache
def _field(delimiter: str) -> re.Pattern[str]:
    d = re.escape(delimiter)
    return re.compile(rf'("(?:[^"]|"")*+"|[^"\r\n{d}]*+)({d}|\r?\n|\Z)', re.DOTALL)


def _rows(text: str, delimiter: str) -> tuple[_Fields, dict[int, str]]:
    """All fields; and blank lines, by the number of the field they come before."""
    fields: _Fields = []
    blanks: dict[int, str] = {}
    at, fresh, single = 0, True, single_column(text, delimiter)
    for found in _field(delimiter).finditer(text):
        if found.start() != at or at == len(text):
            break
        at = found.end()
        field, end = found.groups()
        if fresh and not field and end != delimiter and not single:
            blanks[len(fields)] = blanks.get(len(fields), "") + end
            continue
        fields.append((field, end))
        fresh = end != delimiter
    if at == len(text) and fields and fields[-1][1] == delimiter:
        fields.append(("", ""))
    if at != len(text):
        raise MalformedBody(
            f"line {text.count(chr(10), 0, at) + 1}", "a quote or a carriage return out of place"
        )
    return fields, blanks


def _unquoted(field: str) -> str:
    return field[1:-1].replace('""', '"') if field.startswith('"') else field


def single_column(text: str, delimiter: str) -> bool:
    """Whether a table has one column, so that a blank line is a record with an empty field."""
    text = text.removeprefix(_MARK)
    return (delimiter or _sniffed(text)) not in text.partition("\n")[0]


def _sniffed(text: str) -> str:
    """The delimiter that the first row has most of."""
    first = re.sub(r'"(?:[^"]|"")*+"', "", text.partition("\n")[0])
    counts = Counter(char for char in first if char in _DELIMITERS)
    return max(_DELIMITERS, key=lambda each: counts[each])


def decode(
    body: bytes,
    *,
    records: str = "",
    key_cells: bool = False,
    prefix: str = "",
    charset: str = "utf-8",
    delimiter: str = "",
    header: bool = True,
) -> Document:
    """Read a table. `records` does not apply. Raises `MalformedBody`.

    Without `delimiter`, the one the first row has most of: comma, semicolon, tab or bar. Without
    `header`, columns are named 1, 2, 3.
    """
    del records
    if codecs.lookup(charset).name == "utf-8":
        begin = len(codecs.BOM_UTF8) if body.startswith(codecs.BOM_UTF8) else 0
        end = body.find(b"\n", begin)
        first = body[begin : end if end >= 0 else None].decode("utf-8", "replace")
        found = walked(
            body,
            begin,
            delimiter=delimiter or _sniffed(first),
            header=header,
            key_cells=key_cells,
            prefix=prefix,
        )
        if found is not None:
            return found
    try:
        text = body.decode(charset)
    except UnicodeDecodeError as error:
        raise MalformedBody(f"byte {error.start}", f"invalid {charset}") from None
    if text.encode(charset) != body:
        raise MalformedBody("the whole body", f"bytes that {charset} writes otherwise")
    return CsvDocument(
        text,
        charset=charset,
        delimiter=delimiter or _sniffed(text.removeprefix(_MARK)),
        header=header,
        key_cells=key_cells,
        prefix=prefix,
    )
