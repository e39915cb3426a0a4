"""CSV and TSV decoded by the compiled reader, where there is one: the same columns in one pass.

What it declines (blank lines, one column, rows that differ, anything invalid) is left to
`gateway.codecs.csv`. `SILKGATE_PURE=1` in the environment leaves all of it to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from classifiers.compiled import extension
from classifiers.model import KEY_PREFIX, Batch, CellKind, Column
from gateway.codecs.csv_fields import written
from gateway.codecs.model import Change, CodecFault
from gateway.codecs.places import MAX_PLACES, escape

_TABLE: Final = getattr(extension("gateway.codecs._table", 1), "table", None)


class WalkedTable:
    """A decoded table in UTF-8 that knows where each field stands.

    A cell's handle is its ordinal in the body, header included.
    """

    def __init__(
        self,
        body: bytes,
        head: Sequence[Any] | None,
        columns: Sequence[Any],
        *,
        delimiter: str,
        key_cells: bool,
        prefix: str,
    ) -> None:
        """`head` and `columns` as the compiled reader gives them."""
        self._body, self._delimiter, self._width = body, delimiter, len(columns)
        names = [str(i + 1) for i in range(self._width)]
        self._first = 0  # handle of the first cell that is no name
        spans = [memoryview(spans).cast("q") for _, _, spans in columns]
        found: list[Column] = []
        if head is not None:
            names, self._first = [values[0] for values, _, _ in head], self._width
            at: Sequence[int] = range(self._width) if key_cells else ()
            shared = [-1] * len(at)  # the header belongs to all records
            found.append(Column(KEY_PREFIX + prefix, "", CellKind.KEY, names, shared, at, at))
        self._names = [memoryview(spans).cast("q") for _, _, spans in head or ()]
        self._spans = spans
        count = len(columns[0][1])
        end = self._first + count * self._width
        for i, (name, (values, refs, _)) in enumerate(zip(names, columns, strict=True)):
            handles = range(self._first + i, end, self._width)
            pointer = f"{prefix}/{escape(name)}"
            found.append(Column(pointer, name, CellKind.TEXT, values, range(count), refs, handles))
        self._end = end
        self.batch = Batch(found, records=count, source_bytes=len(body))

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The table with `edits` written in. Raises `CodecFault` where they do not fit."""
        out: list[bytes] = []
        at = 0
        for handle in sorted(edits):
            if not 0 <= handle < self._end:
                raise CodecFault("an edit names a field that the body does not have")
            start, end = self._span(handle)
            named = handle < self._first
            raw = self._body[start:end].decode()
            new = written(raw, edits[handle], self._delimiter, named=named)
            try:
                out += (self._body[at:start], new.encode())
            except UnicodeEncodeError as error:
                fault = "an edit's text does not exist in the body's charset"
                raise CodecFault(fault) from error
            at = end
        out.append(self._body[at:])
        return b"".join(out)

    def _span(self, handle: int) -> tuple[int, int]:
        if handle < self._first:
            return self._names[handle][0], self._names[handle][1]
        row, column = divmod(handle - self._first, self._width)
        spans = self._spans[column]
        return spans[2 * row], spans[2 * row + 1]


def walked(
    body: bytes, begin: int, *, delimiter: str, header: bool, key_cells: bool, prefix: str
) -> WalkedTable | None:
    """The document of a table in UTF-8 from byte `begin` on that the compiled reader takes."""
    if _TABLE is None or len(delimiter) != 1:
        return None
    found = _TABLE(body, begin, ord(delimiter), header, MAX_PLACES)
    if found is None:
        return None
    head, columns = found
    if head is not None and len({values[0] for values, _, _ in head}) < len(head):
        return None  # two columns of one name
    return WalkedTable(body, head, columns, delimiter=delimiter, key_cells=key_cells, prefix=prefix)
