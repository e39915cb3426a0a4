"""Parquet and Arrow IPC."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.model import CellKind
from gateway.codecs.arrow import decode_file, decode_parquet, decode_stream
from gateway.codecs.model import REMOVE, BodyTooLarge, CodecFault, Edit, MalformedBody, Piece

_TEXT = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
_ROW = st.fixed_dictionaries(
    {
        "a": _TEXT,
        "s": st.none() | st.fixed_dictionaries({"b": _TEXT, "n": st.none() | st.integers(0, 9)}),
        "l": st.none() | st.lists(st.none() | st.fixed_dictionaries({"c": _TEXT}), max_size=3),
    }
)
_SCHEMA = pa.schema(
    [
        ("a", pa.string()),
        ("s", pa.struct([("b", pa.string()), ("n", pa.int64())])),
        ("l", pa.list_(pa.struct([("c", pa.string())]))),
    ]
)


def _written(table: Any, kind: str) -> bytes:
    sink = pa.BufferOutputStream()
    if kind == "parquet":
        pq.write_table(table, sink)
    else:
        new = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
        with new(sink, table.schema) as out:
            out.write_table(table)
    return bytes(sink.getvalue())


_DECODE = {"parquet": decode_parquet, "file": decode_file, "stream": decode_stream}


def _read(body: bytes, kind: str) -> Any:
    if kind == "parquet":
        return pq.read_table(pa.BufferReader(body))
    return (pa.ipc.open_file if kind == "file" else pa.ipc.open_stream)(body).read_all()


def _replaced(value: Any, new: str) -> Any:
    match value:
        case dict():
            return {key: _replaced(inner, new) for key, inner in value.items()}
        case list():
            return [_replaced(inner, new) for inner in value]
        case None:
            return None
    return new


@settings(max_examples=40)
@given(st.lists(_ROW, max_size=5), st.sampled_from(list(_DECODE)))
def test_nested_tables_are_read_and_rewritten(rows: list[Any], kind: str) -> None:
    """Every cell is there once; rewriting all of them changes all leaves and nothing else."""
    body = _written(pa.Table.from_pylist(rows, schema=_SCHEMA), kind)
    document = _DECODE[kind](body)
    assert _read(document.encode({}), kind).equals(_read(body, kind))
    assert document.batch.records == len(rows)
    cells = [
        (handle, column.values[ref])
        for column in document.batch.columns
        for handle, ref in zip(column.handles, column.refs, strict=True)
    ]
    edits = {handle: Edit((Piece(0, len(text), "new"),)) for handle, text in cells}
    if edits:
        assert _read(document.encode(edits), kind).to_pylist() == _replaced(rows, "new")


def _table() -> Any:
    return pa.table(
        {
            "name": pa.array(["张三", None, "李四"]).dictionary_encode(),
            "n": pa.array([13800138000, 2, None], pa.int64()),
            "day": pa.array([dt.date(1990, 1, 31), None, None]),
            "at": pa.array([None, 1537014267000, None], pa.timestamp("ms")),
            "ok": [True, None, False],
            "tags": [["a", "b"], [], None],
        }
    ).replace_schema_metadata({"owner": "张三"})


@pytest.mark.parametrize("kind", _DECODE)
def test_types_are_read_as_text(kind: str) -> None:
    """Numbers, dates, booleans, dictionaries, lists and metadata, each with its record."""
    batch = _DECODE[kind](_written(_table(), kind)).batch
    seen = {c.pointer: (c.kind, list(c.values), list(c.rows)) for c in batch.columns}
    assert seen["key:"] == (CellKind.KEY, ["name", "n", "day", "at", "ok", "tags"], [])
    assert seen["/name"] == (CellKind.TEXT, ["张三", "李四"], [0, 2])
    assert seen["/n"] == (CellKind.NUMBER, ["13800138000", "2"], [0, 1])
    assert seen["/day"] == (CellKind.TEXT, ["1990-01-31"], [0])
    assert seen["/at"] == (CellKind.TEXT, ["2018-09-15 12:24:27.000"], [1])
    assert seen["/ok"] == (CellKind.BOOLEAN, ["true", "false"], [0, 2])
    assert seen["/tags/*"] == (CellKind.TEXT, ["a", "b"], [0, 0])
    assert seen["file:/metadata/owner"] == (CellKind.TEXT, ["张三"], [-1])


@pytest.mark.parametrize("kind", _DECODE)
def test_columns_keep_their_type_where_they_can(kind: str) -> None:
    """Removed and rounded numbers keep the type; a mask makes text; the rest stays."""
    document = _DECODE[kind](_written(_table(), kind))
    columns = {c.pointer: c for c in document.batch.columns}
    edits = {
        columns["/n"].handles[0]: REMOVE,
        columns["/name"].handles[1]: Edit((Piece(1, 2, "*"),)),
        columns["file:/metadata/owner"].handles[0]: REMOVE,
    }
    out = _read(document.encode(edits), kind)
    assert out.schema.field("n").type == pa.int64()
    assert pa.types.is_dictionary(out.schema.field("name").type)
    assert out.schema.field("day") == _table().schema.field("day")
    assert out.column("n").to_pylist() == [None, 2, None]
    assert out.column("name").to_pylist() == ["张三", None, "李*"]
    assert b"owner" not in (out.schema.metadata or {})
    rounded = document.encode({columns["/n"].handles[0]: Edit((Piece(2, 11, "000000000"),))})
    assert _read(rounded, kind).column("n").to_pylist() == [13000000000, 2, None]
    padded = document.encode({columns["/n"].handles[0]: Edit((Piece(0, 9, "000000000"),))})
    assert _read(padded, kind).column("n").to_pylist() == ["00000000000", "2", None]
    masked = document.encode({columns["/n"].handles[0]: Edit((Piece(3, 7, "****"),))})
    assert _read(masked, kind).column("n").to_pylist() == ["138****8000", "2", None]


def test_column_names_can_be_changed() -> None:
    """At any depth; they cannot be removed."""
    table = pa.table({"13800138000": [{"13911112222": "x"}], "b": [1]})
    document = decode_file(_written(table, "file"), key_cells=True)
    keys = [c for c in document.batch.columns if c.kind is CellKind.KEY]
    edits = {key.handles[0]: Edit((Piece(0, 11, f"<P_{i}>"),)) for i, key in enumerate(keys)}
    out = _read(document.encode(edits), "file")
    assert out.to_pylist() == [{"<P_0>": {"<P_1>": "x"}, "b": 1}]
    with pytest.raises(CodecFault):
        document.encode({keys[0].handles[0]: REMOVE})


def test_parquet_keeps_its_compression() -> None:
    """What came zstd-compressed leaves so."""
    sink = pa.BufferOutputStream()
    pq.write_table(_table(), sink, compression="zstd")
    document = decode_parquet(bytes(sink.getvalue()))
    column = next(c for c in document.batch.columns if c.pointer == "/name")
    out = document.encode({column.handles[0]: REMOVE})
    assert (
        pq.ParquetFile(pa.BufferReader(out)).metadata.row_group(0).column(0).compression == "ZSTD"
    )


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"a": [b"\xff"]}),
        pa.table({"a": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64()))}),
        pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]),
        pa.table(
            [pa.array(["x"])], schema=pa.schema([pa.field("a", pa.string(), metadata={"m": "n"})])
        ),
        pa.table({"a": [1]}).replace_schema_metadata({"m": b"\xff"}),
    ],
)
def test_what_cannot_be_read_whole_is_refused(table: Any) -> None:
    """Bytes, maps, doubled names, metadata in places where it is not looked for."""
    with pytest.raises(MalformedBody):
        decode_stream(_written(table, "stream"))


@pytest.mark.parametrize("decode", _DECODE.values())
def test_other_bytes_are_refused(decode: Any) -> None:
    """Damage, another format, nothing at all."""
    good = _written(_table(), "parquet")
    for body in (b"", b"PAR1", good[:-9], good[9:], b"{}", bytes(100)):
        with pytest.raises(MalformedBody):
            decode(body)


@pytest.mark.parametrize("kind", _DECODE)
def test_rows_that_take_no_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Very many rows of nulls in a small body are refused."""
    monkeypatch.setattr("gateway.codecs.arrow.MAX_ROWS", 1_000)
    body = _written(pa.table({"a": pa.nulls(1_001, pa.string())}), kind)
    with pytest.raises(BodyTooLarge):
        _DECODE[kind](body)


def _hidden() -> dict[str, tuple[pa.Array, bytes]]:
    """Arrays whose buffers hold more than their values, and what that is."""
    secret = b"zhang.san@example.com"
    offsets = pa.array([0, 1, 1 + len(secret)], pa.int32()).buffers()[1]
    first = pa.py_buffer(b"\x01")
    texts = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"x" + secret), first, 1)
    number = (13800138000).to_bytes(8, "little")
    numbers = pa.Int64Array.from_buffers(pa.int64(), 2, [first, pa.py_buffer(bytes(8) + number)], 1)
    inside = pa.array([secret.decode(), "x"])
    return {
        "text under a null": (texts, secret),
        "number under a null": (numbers, number),
        "entry that nobody uses": (
            pa.DictionaryArray.from_arrays(
                pa.array([0, None], pa.int8()), pa.array(["x", inside[0]])
            ),
            secret,
        ),
        "text in a null struct": (
            pa.StructArray.from_arrays([inside], ["b"], mask=pa.array([True, False])), secret,
        ),
        "text in a null list": (
            pa.ListArray.from_arrays(
                pa.array([0, 1, 2], pa.int32()), inside, mask=pa.array([True, False])
            ),
            secret,
        ),
        "text in a list's null": (
            pa.ListArray.from_arrays(pa.array([0, 2], pa.int32()), texts), secret,
        ),
        "text outside a slice": (pa.array([secret.decode(), "x", None]).slice(1, 2), secret),
    }  # fmt: skip


@pytest.mark.parametrize("name", _hidden())
def test_what_stands_beside_the_values_does_not_leave(name: str) -> None:
    """Arrow's buffers may hold what no reader shows; the values and their types stay."""
    array, secret = _hidden()[name]
    table = pa.table({"a": array})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    body = bytes(sink.getvalue())
    assert secret in body or "slice" in name
    written = decode_stream(body).encode({})
    assert secret not in written
    again = pa.ipc.open_stream(written).read_all()
    assert again.schema.equals(table.schema)
    assert again["a"].to_pylist() == table["a"].to_pylist()


@pytest.mark.parametrize("kind", [pa.string(), pa.int64(), pa.bool_(), pa.date32()])
def test_a_removed_value_is_gone_from_the_buffers_too(kind: pa.DataType) -> None:
    """Not only marked as null."""
    values = {
        pa.string(): ["zhang.san@example.com", "y"],
        pa.int64(): [13800138000, 1],
        pa.bool_(): [True, False],
        pa.date32(): [pa.scalar(19_000, pa.int32()).cast(pa.date32()).as_py(), None],
    }[kind]
    table = pa.table({"a": pa.array(values, kind)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    document = decode_stream(bytes(sink.getvalue()))
    column = next(c for c in document.batch.columns if c.pointer == "/a")
    written = pa.ipc.open_stream(document.encode({column.handles[0]: REMOVE})).read_all()
    assert written["a"].to_pylist()[0] is None
    chunk = written["a"].chunk(0)
    held = b"".join(bytes(buffer) for buffer in chunk.buffers()[1:] if buffer is not None)
    assert b"zhang" not in held
    assert (13800138000).to_bytes(8, "little") not in held
    assert (19_000).to_bytes(4, "little") not in held
