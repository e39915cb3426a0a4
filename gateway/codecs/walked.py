"""JSON decoded by the compiled walk, where there is one: the same columns in one pass.

What the compiled walk declines (anything invalid or unusual) is left to `gateway.codecs.json`.
`SILKGATE_PURE=1` in the environment leaves all of it to that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

from classifiers.compiled import extension
from classifiers.model import KEY_PREFIX, Batch, CellKind, Column
from gateway.codecs.model import REMOVE, Change, CodecFault
from gateway.codecs.places import MAX_PLACES, MAX_POINTER
from gateway.codecs.strings import null_for, scalar, string

_KINDS: Final = (
    CellKind.NUMBER,  # with a fraction or an exponent
    CellKind.BOOLEAN,
    CellKind.NUMBER,
    CellKind.TEXT,
    CellKind.KEY,
)
_WALK: Final = getattr(extension("gateway.codecs._walk", 1), "walk", None)


class WalkedDocument:
    """A decoded JSON body that knows where each cell's token stands."""

    def __init__(self, body: bytes, columns: Sequence[Any], records: int) -> None:
        """`columns` as the compiled walk gives them."""
        self._body = body
        self._spans: list[memoryview] = []
        found: list[Column] = []
        handle = 0
        for pointer, name, kind, values, *cells in columns:
            if not cells:
                key = KEY_PREFIX + pointer
                found.append(Column(key, name, CellKind.KEY, values, (), (), ()))
                self._spans.append(memoryview(b"").cast("q"))
                continue
            rows, refs, spans = cells
            handles = range(handle, handle + len(refs))
            handle += len(refs)
            found.append(Column(pointer, name, _KINDS[kind], values, rows, refs, handles))
            self._spans.append(memoryview(spans).cast("q"))
        self._firsts = list(accumulate([len(c.handles) for c in found], initial=0))
        self.batch = Batch(columns=found, records=records, source_bytes=len(body))

    def encode(self, edits: Mapping[int, Change], first: int = 0, last: int | None = None) -> bytes:
        """The body with `edits` written in. Raises `CodecFault` where they do not fit.

        Of the bytes `first` to `last` alone, if these hold all that is edited.
        """
        last = len(self._body) if last is None else last
        out: list[bytes] = []
        at = first
        for start, end, new in sorted([self._written(*item) for item in edits.items()]):
            if not at <= start <= end <= last:
                raise CodecFault("an edit lies outside the part that is written")
            out += (self._body[at:start], new)
            at = end
        out.append(self._body[at:last])
        return b"".join(out)

    def _written(self, handle: int, change: Change) -> tuple[int, int, bytes]:
        """Where a cell's token starts and ends, and what comes in its place."""
        if not 0 <= handle < self._firsts[-1]:
            raise CodecFault("an edit names a cell that the body does not have")
        index = bisect_right(self._firsts, handle) - 1
        column, spans = self.batch.columns[index], self._spans[index]
        number = handle - self._firsts[index]
        start, end = spans[2 * number], spans[2 * number + 1]
        if change is REMOVE:
            return start, end, null_for(column.kind, b"null")
        text = column.values[column.refs[number]]
        if column.kind in (CellKind.NUMBER, CellKind.BOOLEAN):
            return start, end, scalar(text, change, column.kind)
        return start, end, b'"' + string(self._body[start + 1 : end - 1], text, change) + b'"'


def walked(
    body: bytes, *, records: str = "", prefix: str = "", lines: bool = False
) -> WalkedDocument | None:
    """The document of a body that the compiled walk takes, else None."""
    if _WALK is None or "*" in records:
        return None
    items = None if lines else prefix + records
    shared = -1 if records and not lines else 0
    found = _WALK(body, prefix, items, shared, lines, MAX_PLACES, MAX_POINTER)
    if found is None:
        return None
    columns, count = found
    if count <= 0 and records and not lines:
        return None  # no records there: the whole body is one
    return WalkedDocument(body, columns, 1 if count < 0 else count)
