"""Samples: what they take, what they say of themselves, and that equal tables give equal ones."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs.registry import decoder_for
from gateway.scan import excerpts
from gateway.scan.samples import Sample, positions, sampled

LINES = decoder_for("application/x-ndjson")


@given(st.integers(0, 500), st.integers(1, 500))
def test_positions_are_distinct_ascending_and_repeatable(count: int, limit: int) -> None:
    """As many as asked for, or all there are."""
    taken = positions(count, limit)
    assert taken == sorted(set(taken)) == positions(count, limit)
    assert len(taken) == min(count, limit)
    assert all(0 <= each < count for each in taken)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.text(max_size=3) | st.integers(), max_size=3),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 30),
)
def test_a_sample_holds_the_cells_of_its_records_and_no_others(
    records: list[dict[str, object]], limit: int
) -> None:
    """Decoding the chosen records alone gives the same cells."""
    body = "".join(json.dumps(each) + "\n" for each in records).encode()
    table = sampled("t", LINES(body).batch, limit)
    kept = [records[at] for at in positions(len(records), limit)]
    assert table.sample == Sample(len(kept), len(records))
    cells = {
        (column.pointer, row, column.values[ref])
        for column in table.batch.columns
        for row, ref in zip(column.rows, column.refs, strict=True)
    }
    assert cells == {
        (f"/{key}", row, str(value)) for row, each in enumerate(kept) for key, value in each.items()
    }
    for column in table.batch.columns:
        assert set(column.refs) == set(range(len(column.values))) or not column.rows


def test_lines_are_sampled_without_reading_them_all_at_once(tmp_path: Path) -> None:
    """Blank lines are no records, and the last needs no end."""
    path = tmp_path / "x.ndjson"
    path.write_text("\n".join(f'{{"n": {n}}}\n' for n in range(1000)) + '{"n": 1000}')
    body, sample = excerpts.lines(path, 10)
    assert sample == Sample(10, 1001)
    assert [json.loads(line)["n"] for line in body.splitlines()] == positions(1001, 10)


def test_row_groups_are_taken_from_all_over_the_file(tmp_path: Path) -> None:
    """Not the first rows, which are often the oldest or the test data."""
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"n": list(range(1000))}), path, row_group_size=100)
    body, total = excerpts.row_groups(path, 150)
    assert total == 1000
    taken = pq.read_table(pa.BufferReader(body)).column("n").to_pylist()
    assert set(taken) == {*range(100), *range(900, 1000)}


@given(st.integers(0, 200))
def test_spread_is_a_permutation(count: int) -> None:
    """Every position once."""
    assert sorted(excerpts.spread(count)) == list(range(count))
