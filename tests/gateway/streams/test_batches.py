"""Parquet and Arrow files in groups and back: same rows, same types, same kind of file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs.registry import decoder_for
from gateway.errors import BadRequest, CannotDecide, Unprocessable
from gateway.streams import batches
from gateway.streams.batches import BATCHES, assemble, cuts

DECODE = decoder_for(batches.MEDIA)


def table(count: int) -> Any:
    return pa.table(
        {
            "name": pa.array(["王小明", None] * (count // 2)),
            "city": pa.array(["深圳", "广州"] * (count // 2)).dictionary_encode(),
            "n": pa.array(range(count), pa.int32()),
            "day": pa.array([date(2026, 1, 1)] * count),
            "inner": pa.array([{"a": [n, None], "b": "x"} for n in range(count)]),
        }
    )


def kept(source: Path, whole: Any) -> None:
    if source.suffix == ".parquet":
        pq.write_table(whole, source, row_group_size=300, compression="ZSTD")
    else:
        new = pa.ipc.new_stream if source.suffix == ".arrows" else pa.ipc.new_file
        with pa.OSFile(str(source), "wb") as sink, new(sink, whole.schema) as out:
            out.write_table(whole, max_chunksize=300)


def read(path: Path) -> Any:
    if path.suffix == ".parquet":
        return pq.read_table(path)
    with pa.OSFile(str(path)) as file:
        opened = pa.ipc.open_stream if path.suffix == ".arrows" else pa.ipc.open_file
        return opened(file).read_all()


@pytest.fixture(params=["x.parquet", "x.arrow", "x.arrows"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / request.param


def test_groups_make_the_file_again(source: Path, tmp_path: Path) -> None:
    """Groups end within row groups and batches; every row is in one of them."""
    whole = table(1000)
    kept(source, whole)
    groups = list(cuts(source, 0, 0))
    assert len(groups) == 4
    assert sum(group.size for group in groups) == source.stat().st_size
    assert [group.first_record for group in groups] == [0, 300, 600, 900]
    for group in groups:
        assert DECODE(group.body).batch.records == group.records
    assert [group.number for group in cuts(source, 2, 600)] == [2, 3]
    part, target = tmp_path / "part", tmp_path / f"out{source.suffix}"
    part.write_bytes(b"".join(BATCHES.written(group.body, group) for group in groups))
    assemble(part, source, target)
    plain = whole.set_column(1, "city", whole["city"].cast(pa.string()))
    assert read(target).equals(plain.combine_chunks()) or read(target).combine_chunks().equals(
        plain.combine_chunks()
    )
    if source.suffix == ".parquet":
        assert pq.read_metadata(target).row_group(0).column(0).compression == "ZSTD"


def test_a_column_that_became_text_in_one_group_is_text_throughout(
    source: Path, tmp_path: Path
) -> None:
    """Its other numbers are written as the codec reads them."""
    kept(source, table(600))
    one, other = cuts(source, 0, 0)
    changed = pa.ipc.open_stream(other.body).read_all()
    masked = changed.set_column(2, "n", pa.array(["***"] * 300))
    part, target = tmp_path / "part", tmp_path / f"out{source.suffix}"
    part.write_bytes(one.body + batches._stream(masked))
    assemble(part, source, target)
    assert read(target)["n"].to_pylist()[298:302] == ["298", "299", "***", "***"]


def test_records_that_stay_are_taken_out(source: Path) -> None:
    """Each is a table of one row."""
    kept(source, table(4))
    (group,) = cuts(source, 0, 0)
    leaving, staying = BATCHES.parted(group.body, [False, True, True, False])
    assert pa.ipc.open_stream(leaving).read_all()["n"].to_pylist() == [0, 3]
    assert [pa.ipc.open_stream(each).read_all()["n"].to_pylist() for each in staying] == [[1], [2]]


def test_names_and_metadata_may_not_change_on_the_way(source: Path) -> None:
    """They stand once for all groups."""
    kept(source, table(4))
    (group,) = cuts(source, 0, 0)
    renamed = pa.ipc.open_stream(group.body).read_all().rename_columns(list("abcde"))
    with pytest.raises(Unprocessable, match="rename the column"):
        BATCHES.written(batches._stream(renamed), group)


def test_a_file_without_rows_is_one_group(source: Path, tmp_path: Path) -> None:
    """Its column names are data too."""
    kept(source, table(0))
    (group,) = cuts(source, 0, 0)
    assert group.records == 0
    part, target = tmp_path / "part", tmp_path / f"out{source.suffix}"
    part.write_bytes(group.body)
    assemble(part, source, target)
    assert read(target).num_rows == 0


def test_a_file_that_is_none_is_refused(source: Path) -> None:
    """As a bad request, not a crash."""
    source.write_bytes(b"PAR1 no table PAR1")
    with pytest.raises(BadRequest):
        list(cuts(source, 0, 0))


def test_a_faulty_write_is_noticed(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is published has been read back."""
    kept(source, table(10))
    (group,) = cuts(source, 0, 0)
    part, target = tmp_path / "part", tmp_path / f"out{source.suffix}"
    part.write_bytes(group.body)
    name = "_write_parquet" if source.suffix == ".parquet" else "_write_arrow"
    honest = getattr(batches, name)

    def faulty(part: Path, schema: Any, source: Path, target: Path) -> None:
        honest(part, schema, source, target)
        kept(target, read(target).slice(0, 9))

    monkeypatch.setattr(batches, name, faulty)
    with pytest.raises(CannotDecide):
        assemble(part, source, target)


@given(st.lists(st.integers(0, 2500), max_size=6))
def test_rows_are_compared_in_pieces_of_one_size(sizes: list[int]) -> None:
    """However the rows lie in tables, the pieces are the same, and none is left out."""
    rows = pa.table({"n": range(sum(sizes))})
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    tables = (rows.slice(first, size) for first, size in zip(starts, sizes, strict=True))
    pieces = list(batches._even(tables))
    assert pa.concat_tables([rows.slice(0, 0), *pieces]).equals(rows)
    assert all(piece.num_rows == pieces[0].num_rows for piece in pieces[:-1])
    assert [piece.num_rows for piece in pieces] == [
        piece.num_rows for piece in batches._even(iter([rows]))
    ]


@pytest.mark.parametrize("name", ["x.arrow", "x.arrows"])
def test_what_stands_under_a_null_in_a_file_does_not_leave(name: str, tmp_path: Path) -> None:
    """Also where no row of its group is treated."""
    text = b"xzhang.san@example.com"
    offsets = pa.array([0, 1, len(text)], pa.int32()).buffers()[1]
    column = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(text), pa.py_buffer(b"\x01"), 1)
    source = tmp_path / name
    kept(source, pa.table({"a": column}))
    assert b"zhang.san" in source.read_bytes()
    groups = list(cuts(source, 0, 0))
    assert all(b"zhang.san" not in group.body for group in groups)
    part, target = tmp_path / "part", tmp_path / f"out-{name}"
    part.write_bytes(b"".join(BATCHES.written(group.body, group) for group in groups))
    assemble(part, source, target)
    assert b"zhang.san" not in target.read_bytes()
    assert read(target)["a"].to_pylist() == ["x", None]
