"""Arrow IPC and Parquet to columns and back, in Arrow memory.

Structs and lists are walked to their leaves; dictionary columns stay so; dates and numbers are
read in Arrow's own text form. Column names are keys, and metadata is data. A leaf keeps its type
if all its new texts read as such, else it becomes text; a removed value is null. Types that
cannot be read as text (maps, unions, bytes that are not UTF-8) are refused.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from classifiers.model import KEY_PREFIX, Batch, CellKind, Column
from gateway.codecs.arrow_places import ARROW_OWN, Place, edited
from gateway.codecs.model import (
    BodyTooLarge,
    Change,
    CodecFault,
    Decoder,
    Edit,
    MalformedBody,
    splice,
)
from gateway.codecs.places import MAX_PLACES, escape

MAX_DECODED_BYTES: Final = 1 << 30
MAX_ROWS: Final = 2_000_000  # a row of nulls takes no byte of the body, but is a record to judge
_SHARED_ROW: Final = -1
_METADATA: Final = "file:/metadata"
_NUMBERS: Final = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)


class ArrowDocument:
    """A decoded table."""

    def __init__(
        self, body: bytes, table: Any, *, writer: Any, key_cells: bool, prefix: str
    ) -> None:
        """`writer` turns a table into bytes of the format it came in."""
        self._table, self._writer = table, writer
        rows = pa.array(range(table.num_rows), pa.int64())
        self._places = [
            Place(field, _combined(column), rows, f"{prefix}/{escape(field.name)}")
            for field, column in zip(table.schema, table.columns, strict=True)
        ]
        self._leaves = [leaf for place in self._places for leaf in place.leaves()]
        if len(self._leaves) > MAX_PLACES or len(set(table.column_names)) < table.num_columns:
            raise MalformedBody("the schema", "too many columns, or two of one name")
        self._columns: list[Column] = []
        self._firsts = [0]
        self._keys = self._key_places(prefix)
        for parent, places in self._keys:
            self._add_keys(parent, places, cells=key_cells)
        for leaf in self._leaves:
            self._add_leaf(leaf)
        self._metadata = {
            key: value
            for key, value in (table.schema.metadata or {}).items()
            if not key.startswith(ARROW_OWN)
        }
        for key, value in self._metadata.items():
            self._add_metadata(key, value)
        self.batch = Batch(self._columns, records=table.num_rows, source_bytes=len(body))

    def _key_places(self, prefix: str) -> list[tuple[str, Sequence[Place]]]:
        """The fields of the table and of every struct, by the pointer they stand under."""
        found: list[tuple[str, Sequence[Place]]] = [(prefix, self._places)] if self._places else []
        todo = list(self._places)
        while todo:
            place = todo.pop(0)
            if pa.types.is_struct(place.field.type) and place.children:
                if len({child.field.name for child in place.children}) < len(place.children):
                    raise MalformedBody("the schema", "two fields of one name")
                found.append((place.pointer, place.children))
            todo.extend(place.children)
        return found

    def _add(
        self,
        pointer: str,
        name: str,
        kind: CellKind,
        values: Sequence[str],
        *,
        rows: Sequence[int],
        refs: Sequence[int],
    ) -> None:
        handles = range(self._firsts[-1], self._firsts[-1] + len(refs))
        self._columns.append(Column(pointer, name, kind, values, rows, refs, handles))
        self._firsts.append(self._firsts[-1] + len(refs))

    def _add_keys(self, parent: str, places: Sequence[Place], *, cells: bool) -> None:
        names = [place.field.name for place in places]
        refs = range(len(names)) if cells else range(0)
        rows = [_SHARED_ROW] * len(refs)
        self._add(KEY_PREFIX + parent, "", CellKind.KEY, names, rows=rows, refs=refs)

    def _add_leaf(self, leaf: Place) -> None:
        text, rows = leaf.text, leaf.rows
        if text.null_count:
            present = text.is_valid()
            text, rows = text.filter(present), rows.filter(present)
        folded = text.dictionary_encode()
        kind = leaf.field.type
        what = CellKind.NUMBER if any(check(kind) for check in _NUMBERS) else CellKind.TEXT
        self._add(
            leaf.pointer,
            leaf.field.name,
            CellKind.BOOLEAN if pa.types.is_boolean(kind) else what,
            folded.dictionary.to_numpy(zero_copy_only=False).tolist(),
            rows=_numbers(rows),
            refs=_numbers(folded.indices),
        )

    def _add_metadata(self, key: bytes, value: bytes) -> None:
        try:
            name, text = key.decode(), value.decode()
        except UnicodeDecodeError:
            raise MalformedBody("the metadata", "bytes that are not UTF-8") from None
        pointer = f"{_METADATA}/{escape(name)}"
        self._add(pointer, name, CellKind.TEXT, [text], rows=[_SHARED_ROW], refs=[0])

    def encode(self, edits: Mapping[int, Change]) -> bytes:
        """The table with `edits`, written anew. Raises `CodecFault` where they do not fit."""
        by_column: dict[int, dict[int, str | None]] = {}
        for handle, change in edits.items():
            if not 0 <= handle < self._firsts[-1]:
                raise CodecFault("an edit names a cell that the body does not have")
            index = bisect_right(self._firsts, handle) - 1
            column, number = self._columns[index], handle - self._firsts[index]
            text = column.values[column.refs[number]]
            new = "".join(splice(text, change)) if isinstance(change, Edit) else None
            by_column.setdefault(index, {})[number] = new
        try:
            return self._written(by_column)
        except (pa.ArrowInvalid, UnicodeEncodeError) as error:
            raise CodecFault("the edited table cannot be written") from error

    def _written(self, edits: Mapping[int, Mapping[int, str | None]]) -> bytes:
        texts: dict[int, Any] = {}
        names: dict[str, str] = {}
        metadata = dict(self._table.schema.metadata or {})
        for index, cells in edits.items():
            if index < len(self._keys):
                for number, new in cells.items():
                    if new is None:
                        raise CodecFault("a column's name cannot be removed, only changed")
                    names[self._keys[index][1][number].pointer] = new
            elif index < len(self._keys) + len(self._leaves):
                leaf = self._leaves[index - len(self._keys)]
                texts[id(leaf)] = edited(leaf, cells)
            else:
                key = self._columns[index].name.encode()
                metadata.pop(key)
                if (value := cells[0]) is not None:
                    metadata[key] = value.encode()
        rebuilt = [place.rebuilt(texts, names) for place in self._places]
        schema = pa.schema([field for field, _ in rebuilt], metadata=metadata or None)
        return bytes(self._writer(pa.table([array for _, array in rebuilt], schema=schema)))


def _numbers(array: Any) -> Sequence[int]:
    """Whole numbers, as a range where they count up from 0, as they do where no cell is missing."""
    numbers = array.to_numpy()
    if np.array_equal(numbers, np.arange(len(numbers), dtype=numbers.dtype)):
        return range(len(numbers))
    found: list[int] = numbers.tolist()
    return found


def _combined(column: Any) -> Any:
    array = column.combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) and array.num_chunks else array


def _decoded(
    read: Any,
    body: bytes,
    *,
    records: str = "",
    key_cells: bool = False,
    prefix: str = "",
) -> ArrowDocument:
    """Read a table. `records` does not apply. Raises `MalformedBody` or `BodyTooLarge`."""
    del records
    try:
        table, writer = read(body)
    except (pa.ArrowException, OSError, ValueError):
        raise MalformedBody("the whole body", "no readable table") from None
    _check_rows(table.num_rows)
    if table.nbytes > MAX_DECODED_BYTES:
        raise BodyTooLarge(f"the decoded table is over {MAX_DECODED_BYTES} bytes")
    return ArrowDocument(body, table, writer=writer, key_cells=key_cells, prefix=prefix)


def _check_rows(rows: int) -> None:
    if rows > MAX_ROWS:
        raise BodyTooLarge(f"the table has over {MAX_ROWS} rows; send it in parts")


def _read_parquet(body: bytes) -> tuple[Any, Any]:
    file = pq.ParquetFile(pa.BufferReader(body))
    _check_rows(file.metadata.num_rows)
    groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > MAX_DECODED_BYTES:
        raise BodyTooLarge(f"the decoded table is over {MAX_DECODED_BYTES} bytes")
    packed = groups[0].column(0).compression if groups and groups[0].num_columns else "SNAPPY"

    def write(table: Any) -> Any:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="NONE" if packed == "UNCOMPRESSED" else packed)
        return sink.getvalue()

    return file.read(use_threads=False), write


def _read_ipc(opened: Any, new: Any, body: bytes) -> tuple[Any, Any]:
    table = opened(pa.BufferReader(body)).read_all()
    table.validate(full=True)

    def write(edited: Any) -> Any:
        sink = pa.BufferOutputStream()
        with new(sink, edited.schema) as out:
            out.write_table(edited)
        return sink.getvalue()

    return table, write


decode_parquet: Final[Decoder] = partial(_decoded, _read_parquet)
decode_file: Final[Decoder] = partial(
    _decoded, partial(_read_ipc, pa.ipc.open_file, pa.ipc.new_file)
)
decode_stream: Final[Decoder] = partial(
    _decoded, partial(_read_ipc, pa.ipc.open_stream, pa.ipc.new_stream)
)
