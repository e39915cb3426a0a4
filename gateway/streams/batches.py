"""Parquet and Arrow files in groups of rows, and such files made of groups.

Inside, a group is an Arrow IPC stream. Groups are read one by one, whatever the size of the file,
and written behind each other; `assemble` makes one file of them and reads it back before anybody
gets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from classifiers.heap import give_back
from gateway.codecs.arrow_places import bare
from gateway.errors import BadRequest, CannotDecide, Unprocessable
from gateway.streams.groups import GROUP_RECORDS, Cut

MEDIA: Final = "application/vnd.apache.arrow.stream"
PARQUET: Final = ".parquet"
STREAM: Final = ".arrows"
_GROUP_BYTES: Final = 4 * 1024 * 1024  # of Arrow memory, about
_MOST_ROWS: Final = GROUP_RECORDS
_LEAST_ROWS: Final = 64
_READ_BYTES: Final = 256 * 1024  # of a column of a Parquet file at a time
_BLOCK_BYTES: Final = 8 * 1024 * 1024  # of rows in one row group of what is written
SCHEMA_TREATED: Final = (
    "the policy wants the name of a column or the file's metadata treated, which stand once for "
    "all rows of the table; rename the column or leave the metadata out"
)


class Batches:
    """The framing of Arrow IPC streams."""

    def parted(self, body: bytes, held: Sequence[bool]) -> tuple[bytes, list[bytes]]:
        """See `Framing`; what is held is a table of one row."""
        table = _read(body)
        leaving = table.filter(pa.array([not each for each in held], pa.bool_()))
        staying = [_stream(table.slice(row, 1)) for row, stays in enumerate(held) if stays]
        return _stream(leaving), staying

    def joined(self, bodies: Sequence[bytes]) -> bytes:
        """Their rows in one table."""
        return _stream(pa.concat_tables([_read(body) for body in bodies]).unify_dictionaries())

    def written(self, body: bytes, cut: Cut) -> bytes:
        """All of it: `assemble` joins the streams."""
        if body is not cut.body and _names(_schema(body)) != _names(_schema(cut.body)):
            raise Unprocessable(SCHEMA_TREATED)
        return body


BATCHES: Final = Batches()


def cuts(source: Path, groups: int, records: int) -> Iterator[Cut]:
    """The groups of the file behind the first `groups`, which hold `records`.

    Raises `BadRequest` where it cannot be read.
    """
    size, number, first = source.stat().st_size, 0, 0
    try:
        total = _rows(source)
        for table in _tables(source):
            if number >= groups:
                share = _upto(first + table.num_rows, total, size) - _upto(first, total, size)
                start = f"record {first} of the table" if first else ""
                yield Cut(number, first, table.num_rows, _stream(table), share, b"", start)
            number, first = number + 1, first + table.num_rows
            if number == groups and first != records:
                raise CannotDecide("the file's groups are not those of the earlier run")
    except (pa.ArrowException, ValueError) as error:
        raise BadRequest("the file is no readable Parquet or Arrow table") from error


def _upto(rows: int, total: int, size: int) -> int:
    """About how many bytes of the file hold the first `rows`; at the end, all."""
    return size * rows // total if total else size


def _rows(source: Path) -> int:
    if source.suffix.lower() == PARQUET:
        return int(pq.read_metadata(source).num_rows)
    with pa.memory_map(str(source)) as mapped:
        _, batches = _opened(mapped, source)
        return sum(batch.num_rows for batch in batches)


def _opened(mapped: Any, source: Path) -> tuple[Any, Iterator[Any]]:
    """Schema and record batches of an Arrow file, or of a stream of them in a file."""
    if source.suffix.lower() == STREAM:
        reader = pa.ipc.open_stream(mapped)
        return reader.schema, iter(reader)
    file = pa.ipc.open_file(mapped)
    return file.schema, map(file.get_batch, range(file.num_record_batches))


def _tables(source: Path) -> Iterator[Any]:
    """Slices of the file's table, in order; one without rows where it has none."""
    if source.suffix.lower() == PARQUET:
        yield from _of_parquet(source)
    else:
        yield from _of_arrow(source)


def _of_parquet(source: Path) -> Iterator[Any]:
    with pq.ParquetFile(source, buffer_size=_READ_BYTES, pre_buffer=False) as file:
        if not file.metadata.num_rows:
            yield file.schema_arrow.empty_table()
        for index in range(file.metadata.num_row_groups):
            group = file.metadata.row_group(index)
            batches = file.iter_batches(
                batch_size=_fitting(group.num_rows, group.total_byte_size),
                row_groups=[index],
                use_threads=False,
            )
            for batch in batches:
                yield pa.Table.from_batches([batch], schema=file.schema_arrow)


def _of_arrow(source: Path) -> Iterator[Any]:
    with pa.memory_map(str(source)) as mapped:
        schema, batches = _opened(mapped, source)
        empty = True
        for batch in batches:
            batch.validate(full=True)
            step = _fitting(batch.num_rows, batch.nbytes)
            for first in range(0, batch.num_rows, step):
                empty = False
                columns = [bare(column) for column in batch.slice(first, step).columns]
                yield pa.Table.from_arrays(columns, schema=schema)
        if empty:
            yield schema.empty_table()


def _fitting(rows: int, size: int) -> int:
    """How many of `rows`, `size` bytes together, make a group."""
    return min(max(_GROUP_BYTES * rows // max(size, 1), _LEAST_ROWS), _MOST_ROWS)


def assemble(part: Path, source: Path, target: Path) -> None:
    """Write the groups in `part` as one file of the kind of `source`, and compare them with it.

    A column that one group turned into text is text throughout. Raises `CannotDecide` where what
    was written does not read back as the groups.
    """
    give_back()  # Arrow takes fresh memory for its blocks, whatever deciding has left
    schema = _joint(part)
    write = _write_parquet if source.suffix.lower() == PARQUET else _write_arrow
    write(part, schema, source, target)
    read = _tables_of_parquet if source.suffix.lower() == PARQUET else _tables_of_arrow
    written = read(target, source)
    wanted = (_cast(table, schema) for table in _streams(part))
    try:
        for one, other in zip(_even(written), _even(wanted), strict=True):
            if not _plain(one).equals(_plain(other)):
                raise CannotDecide("the file that was written does not read back as it should")
    except (pa.ArrowException, ValueError) as error:
        raise CannotDecide("the file that was written does not read back") from error


def _write_parquet(part: Path, schema: Any, source: Path, target: Path) -> None:
    with pq.ParquetWriter(target, schema, compression=_codec(source)) as out:
        for block in _blocks(part, schema):
            out.write_table(block, row_group_size=max(block.num_rows, 1))
            del block  # else it would be held while the next one is put together


def _codec(source: Path) -> str:
    """How the file's first column is compressed. A large file's metadata is let go at once."""
    metadata = pq.read_metadata(source)
    known = metadata.num_row_groups and metadata.num_columns
    codec = str(metadata.row_group(0).column(0).compression) if known else "SNAPPY"
    return "NONE" if codec == "UNCOMPRESSED" else codec


def _write_arrow(part: Path, schema: Any, source: Path, target: Path) -> None:
    new = pa.ipc.new_stream if source.suffix.lower() == STREAM else pa.ipc.new_file
    with pa.OSFile(str(target), "wb") as sink, new(sink, schema) as out:
        for block in _blocks(part, schema):
            # One batch a block; a file's dictionaries may only grow, so they are written out.
            out.write_table(block.combine_chunks())
            del block  # as above


def _tables_of_parquet(target: Path, source: Path) -> Iterator[Any]:
    del source
    with pq.ParquetFile(target, buffer_size=_READ_BYTES, pre_buffer=False) as file:
        for index in range(file.metadata.num_row_groups):
            group = file.metadata.row_group(index)
            rows = _fitting(group.num_rows, group.total_byte_size)
            for batch in file.iter_batches(rows, row_groups=[index], use_threads=False):
                yield pa.Table.from_batches([batch], schema=file.schema_arrow)


def _tables_of_arrow(target: Path, source: Path) -> Iterator[Any]:
    with pa.memory_map(str(target)) as mapped:
        schema, batches = _opened(mapped, source)
        for batch in batches:
            yield pa.Table.from_batches([batch], schema=schema)


def _blocks(part: Path, schema: Any) -> Iterator[Any]:
    """The rows in `part`, in pieces that make a row group each."""
    tables: list[Any] = []
    for table in _streams(part):
        if table.num_rows:
            tables.append(_cast(table, schema))
        if sum(each.nbytes for each in tables) >= _BLOCK_BYTES:
            yield pa.concat_tables(tables)
            tables = []
    if tables:
        yield pa.concat_tables(tables)


def _even(tables: Iterator[Any]) -> Iterator[Any]:
    """The rows of `tables` in pieces of a fixed number, the last one aside."""
    waiting: list[Any] = []
    count = 0
    for table in tables:
        first = 0
        while count + table.num_rows - first >= _MOST_ROWS:
            step = _MOST_ROWS - count
            yield pa.concat_tables([*waiting, table.slice(first, step)])
            waiting, count, first = [], 0, first + step
        if first < table.num_rows:
            waiting.append(table.slice(first))
            count += table.num_rows - first
    if waiting:
        yield pa.concat_tables(waiting)


def _streams(part: Path) -> Iterator[Any]:
    """The tables of all IPC streams in the file, one behind the other."""
    size = part.stat().st_size
    with pa.OSFile(str(part)) as file:
        while file.tell() < size:
            yield pa.ipc.open_stream(file).read_all()


def _joint(part: Path) -> Any:
    """One schema for all groups in `part`."""
    schema: Any = None
    for table in _streams(part):
        schema = table.schema if schema is None else _merged_schema(schema, table.schema)
    # Dictionaries differ from group to group: their values are written out.
    return pa.schema([_written_out(field) for field in schema], metadata=schema.metadata)


def _written_out(field: Any) -> Any:
    kind = field.type
    return field.with_type(kind.value_type) if pa.types.is_dictionary(kind) else field


def _merged_schema(one: Any, other: Any) -> Any:
    if one.equals(other):
        return one
    return pa.schema(
        [_merged(a, b) for a, b in zip(one, other, strict=True)], metadata=one.metadata
    )


def _merged(one: Any, other: Any) -> Any:
    """The field that holds what both hold: text where their types differ."""
    nullable = one.nullable or other.nullable
    return one.with_type(_merged_type(one.type, other.type)).with_nullable(nullable)


def _merged_type(one: Any, other: Any) -> Any:
    if one.equals(other):
        return one
    if pa.types.is_struct(one) and pa.types.is_struct(other):
        return pa.struct([_merged(a, b) for a, b in zip(one, other, strict=True)])
    if pa.types.is_list(one) and pa.types.is_list(other):
        return pa.list_(_merged(one.value_field, other.value_field))
    if pa.types.is_large_list(one) and pa.types.is_large_list(other):
        return pa.large_list(_merged(one.value_field, other.value_field))
    return pa.string()


def _cast(table: Any, schema: Any) -> Any:
    return table if table.schema.equals(schema, check_metadata=True) else table.cast(schema)


def _plain(table: Any) -> Any:
    """The rows alone, in one chunk a column, without what a format adds to a schema."""
    columns = [pc.cast(column, _written_out(field).type) for column, field in _columns(table)]
    return pa.table([each.combine_chunks() for each in columns], names=table.column_names)


def _columns(table: Any) -> Iterator[tuple[Any, Any]]:
    return zip(table.columns, table.schema, strict=True)


def _names(schema: Any) -> Any:
    """All names in a schema and its metadata: what is no cell."""
    return [_field_names(field) for field in schema], dict(schema.metadata or {})


def _field_names(field: Any) -> Any:
    kind = field.type
    inner = [kind.field(i) for i in range(kind.num_fields)] if pa.types.is_nested(kind) else []
    return field.name, [_field_names(each) for each in inner]


def _schema(body: bytes) -> Any:
    return pa.ipc.open_stream(pa.BufferReader(body)).schema


def _read(body: bytes) -> Any:
    return pa.ipc.open_stream(pa.BufferReader(body)).read_all()


def _stream(table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    return bytes(sink.getvalue())
