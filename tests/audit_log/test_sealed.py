"""Sealed segments: same entries, same proofs, damage seen, and no gap a crash could leave."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit_log import entry, frames, reader, sealed, searchable
from audit_log.errors import LogDamaged
from audit_log.segments import Segment, seal
from tests.audit_log.logs import Home, export, finish


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten entries fill a segment, three a row group."""
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 10)
    monkeypatch.setattr("audit_log.sealed.GROUP_ROWS", 3)


SHAPE = {"kind": "shape", "shape": "ab" * 32}


async def fill(home: Home, count: int) -> None:
    home.create()
    log = home.open()
    await log.append([SHAPE, export(0)])
    for number in range(1, count - 1):
        await log.append([export(number)])
    await finish(log)


def names(home: Home) -> list[str]:
    return sorted(path.name.lstrip("0") for path in (home.log / "seg").iterdir())


async def test_full_segments_become_parquet(home: Home) -> None:
    """All but the active one are sealed; entries and verification stay what they were."""
    await fill(home, 35)
    assert names(home) == [".parquet", "10.parquet", "20.parquet", "30.frm"]
    found = list(reader.entries(home.log))
    assert [seq for seq, _ in found] == list(range(35))
    for start, end in ((0, 1), (8, 12), (13, 14), (19, 31), (34, 35), (34, None)):
        assert list(reader.entries(home.log, start, end)) == found[start:end]
    assert reader.entry(home.log, 21) == found[21][1]
    report = home.verify()
    assert report.ok
    assert report.checked["entries"] == 35


async def test_a_log_goes_on_after_its_sealed_segments(home: Home) -> None:
    """Opening learns shapes, open exports, size and tree from what is sealed."""
    await fill(home, 35)
    log = home.open()
    assert (log.size, len(log.unfinished)) == (35, 34)
    (known,) = await log.append([SHAPE])
    assert known.seq == 0
    await log.append(
        [{"kind": "outcome", "export": seq, "status": "unknown"} for seq in range(1, 35)]
    )
    await finish(log)
    log = home.open()
    assert log.unfinished == ()
    await log.close()
    assert home.verify().ok


async def test_analysts_find_columns(home: Home) -> None:
    """Plain Parquet with typed columns, readable by anything."""
    await fill(home, 12)
    rows = pq.read_table(home.log / "seg" / f"{0:016d}.parquet")
    assert rows["kind"].to_pylist() == ["shape", *["export"] * 9]
    assert set(rows["route"].to_pylist()) == {None, "sg-fulfilment"}
    assert rows.schema.field("ts_us").type == pa.int64()
    assert rows["entry"][1].as_py() == reader.entry(home.log, 1)


async def test_every_flipped_byte_of_a_sealed_segment_is_seen(home: Home) -> None:
    """Page checksums, columns, footer: a change is reported unless it changes no value."""
    await fill(home, 12)
    path = home.log / "seg" / f"{0:016d}.parquet"
    good = path.read_bytes()
    whole = pq.read_table(path)
    silent = []
    for at in range(0, len(good), 101):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x10]) + good[at + 1 :])
        report = home.verify()
        if report.ok:
            silent.append(at)
            assert pq.read_table(path).equals(whole), "values changed and nobody noticed"
        else:
            assert report.first_bad is None or report.first_bad < 12
    path.write_bytes(good)
    assert home.verify().ok
    assert len(silent) < len(good) // 101, "the test must be able to fail"


async def test_page_checksums_guard_the_columns_of_analysts(home: Home) -> None:
    """A flipped bit in a column that verification does not derive again is seen all the same."""
    await fill(home, 12)
    path = home.log / "seg" / f"{0:016d}.parquet"
    good = path.read_bytes()
    group = pq.ParquetFile(path).metadata.row_group(0)
    chunks = {chunk.path_in_schema: chunk for chunk in map(group.column, range(group.num_columns))}
    at = good.index(b"sg-fulfilment", chunks["route"].dictionary_page_offset)
    path.write_bytes(good[:at] + b"z" + good[at + 1 :])
    assert "zg-fulfilment" in pq.read_table(path)["route"].to_pylist(), "no checksum, no notice"
    assert not home.verify().ok


async def test_a_column_at_odds_with_its_entry_is_seen(home: Home) -> None:
    """Rewriting a column that a starting log relies on does not go unnoticed."""
    await fill(home, 12)
    path = home.log / "seg" / f"{0:016d}.parquet"
    rows = pq.read_table(path)
    for name, value in (("released", False), ("kind", "note"), ("shape", "cd" * 32)):
        field = rows.schema.get_field_index(name)
        values = [value] * len(rows)
        changed = rows.set_column(field, name, pa.array(values, rows.schema.field(name).type))
        pq.write_table(changed, path, write_page_checksum=True)
        report = home.verify()
        assert not report.ok
        assert report.first_bad == 0


async def test_a_missing_or_cut_sealed_segment_refuses_to_start(home: Home) -> None:
    """A hole, or half a file, is damage."""
    await fill(home, 25)
    path = home.log / "seg" / f"{10:016d}.parquet"
    good = path.read_bytes()
    path.write_bytes(good[: len(good) // 2])
    assert not home.verify().ok
    with pytest.raises(LogDamaged):
        home.open()
    path.unlink()
    assert home.verify().first_bad == 10
    with pytest.raises(LogDamaged):
        home.open()


async def test_a_crash_between_sealing_and_removing_is_finished(home: Home, tmp_path: Path) -> None:
    """Frames beside their sealed twin are ignored, then removed."""
    home.create()
    log = home.open(publish_seconds=3600)
    await log.append([export(number) for number in range(10)])
    await log.append([export(10)])
    frames = home.log / "seg" / f"{0:016d}.frm"
    shutil.copy(frames, tmp_path)
    await finish(log)
    shutil.copy(tmp_path / frames.name, frames)
    assert home.verify().ok
    assert len(list(reader.entries(home.log))) == 11
    await home.open().close()
    assert not frames.exists()


async def test_unsigned_segments_are_not_sealed(home: Home) -> None:
    """Without a checkpoint over them, frames stay frames."""
    home.create()
    log = home.open(publish_seconds=3600)
    for number in range(25):
        await log.append([export(number)])
    assert names(home) == [".frm", "10.frm", "20.frm"]
    await finish(log)
    assert names(home) == [".parquet", "10.parquet", "20.frm"]


@pytest.mark.parametrize(
    "change", [lambda _: b"", lambda data: data[:-1], lambda data: data + b"x"]
)
def test_a_damaged_segment_is_not_sealed(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    """Nothing, a group cut off or anything behind the last: the frames stay as they are."""
    entries = [
        entry.encode({"kind": "note", "node": "n", "seq": at, "ts_us": 1, "v": 1}) for at in (0, 1)
    ]
    good = b"".join(frames.encode(frames.payload([one], b"c" * 32)) for one in entries)
    segment = Segment(0, tmp_path / f"{0:016d}.frm")
    segment.path.write_bytes(change(good))
    with pytest.raises(LogDamaged):
        seal(segment)
    assert segment.path.read_bytes() == change(good)
    assert not segment.sealed().path.exists()
    segment.path.write_bytes(good)
    seal(segment)
    assert [one for group in sealed.read(segment.sealed().path) for one in group] == entries
    assert sealed.chain(segment.sealed().path) == b"c" * 32


@pytest.mark.parametrize("change", [lambda _: [], lambda one: [*one, b"x"], lambda _: [b"x"]])
def test_what_does_not_read_back_is_not_sealed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[list[bytes]], list[bytes]],
) -> None:
    """A disk that gives back other entries keeps its frames."""
    one = entry.encode({"kind": "note", "node": "n", "seq": 0, "ts_us": 1, "v": 1})
    segment = Segment(0, tmp_path / f"{0:016d}.frm")
    segment.path.write_bytes(frames.encode(frames.payload([one], b"c" * 32)))
    monkeypatch.setattr(sealed, "read", lambda _: iter([change([one])]))
    with pytest.raises(LogDamaged):
        seal(segment)
    assert segment.path.exists()
    assert not segment.sealed().path.exists()


def test_rows_are_a_function_of_the_entries() -> None:
    """Sealing a second time gives the same values."""
    entries = [b'{"kind":"note","node":"n","seq":0,"ts_us":1,"v":1}']
    assert searchable.table(entries).equals(searchable.table(entries))
    (row,) = searchable.table(entries).to_pylist()
    assert row["kind"] == "note"
    assert row["categories"] == []


async def test_a_pass_goes_on_in_a_segment_that_was_sealed_since(home: Home) -> None:
    """A pass that ended inside an active segment is taken up inside its sealed form."""
    home.create()
    log = home.open()
    await log.append([export(number) for number in range(3)])
    await log.append([export(3)])
    await log.checkpoint()
    note = home.root / "pass"
    assert home.verify(resume=note).checked["entries"] == 4
    for number in range(4, 15):
        await log.append([export(number)])
    await finish(log)
    assert names(home)[0] == ".parquet"
    report = home.verify(resume=note)
    assert report.ok, report.problems
    assert report.kinds == {"export": 15}


async def test_large_entries_fill_a_segment_sooner(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A segment has a limit in bytes, since it is read and sealed in memory."""
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 1000)
    monkeypatch.setattr("audit_log.segments.SEGMENT_BYTES", 100_000)
    home.create()
    log = home.open()
    for number in range(5):
        await log.append([export(number, pad=50_000)])
    await finish(log)
    assert names(home) == [".parquet", "2.parquet", "4.frm"]
    assert home.verify().ok
