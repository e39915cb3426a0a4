"""What is read of many entries at once is what is read of each: sound, odd or damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_log import compiled, entry, sealed, searchable, tree
from audit_log.errors import InvalidEntry
from audit_log.report import Damage, Report
from audit_log.walk import Walk
from tests.audit_log.logs import Home
from tests.audit_log.test_verify import rewrite

FIRST = 40
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, 7, -1, True, "", "x", 'a"b\\', "é\n", [], {}, [1], 2**53 - 1]
)
STATUS = st.sampled_from(["delivered", "failed", "", None, "dé", 'a"\\', "\x01", 3])
SEQS = st.integers(FIRST - 3, FIRST + 9) | st.none()
KINDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "export": {"released": st.sampled_from([True, True, False, None, 1, "true"])},
    "outcome": {"export": SEQS | st.just("1"), "status": STATUS},
    "counters": {"forwarded": st.integers(0, 4)},
    "start": {},
    "erase": {"rows": st.lists(st.integers(0, 9), max_size=3)},
    "retention": {"first": st.integers(0, 9), "end": st.integers(0, 9)},
    "rotation": {"new": st.just("key")},
    "shape": {"shape": st.just("ab")},
    "outcomes": {"export": SEQS},
}
NAMES = sorted({name for fields in KINDS.values() for name in fields} | {"v", "ts_us", "node"})

is_compiled = pytest.mark.skipif(
    "survey" not in dir(compiled._EXTENSION), reason="no compiled functions on this machine"
)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["export", "outcome", *KINDS]))
    fields = {name: draw(values) for name, values in KINDS[kind].items() if draw(st.booleans())}
    body = {"kind": kind, "node": "n", "v": 1, "rid": "r"} | fields
    if not draw(st.integers(0, 9)):
        body[draw(st.sampled_from(NAMES))] = draw(ODD)
    return body


@st.composite
def logs(draw: st.DrawFn) -> list[bytes]:
    """Entries from `FIRST` on, of which few are wrong in one way or another."""
    made = []
    ts_us = 1000
    for seq, body in enumerate(draw(st.lists(bodies(), max_size=9)), FIRST):
        ts_us += draw(st.sampled_from([0, 1, 5, 5, 5, -3]))
        stamped = {"seq": seq + draw(st.sampled_from([0] * 30 + [1])), "ts_us": ts_us} | body
        data = msgspec.json.encode(stamped, order="sorted")
        if not draw(st.integers(0, 20)):
            at = draw(st.integers(0, len(data) - 1))
            data = (
                data[:at] + draw(st.sampled_from([b"", b" ", b"0", b'"', b"\xff"])) + data[at + 1 :]
            )
        made.append(data)
    return made


class GrowingTree:
    """A tree that agrees with everything."""

    origin = "o"

    def __init__(self) -> None:
        self.size = FIRST

    def grow(self, leaves: list[bytes]) -> None:
        self.size += len(leaves)


def judged(entries: list[bytes], since: int) -> tuple[Any, ...]:
    """All that a walk finds."""
    walk = Walk(Path(), GrowingTree(), since)  # type: ignore[arg-type]
    walk.ts_us = 1000
    walk.accounts.unfinished = dict.fromkeys(range(FIRST - 2, FIRST))
    damage = None
    try:
        walk._take_entries(entries, tree.leaf_hashes(entries))
    except Damage as error:
        damage = error.problem
    accounts = None if damage else (walk.accounts, list(walk.accounts.unfinished))
    return damage, walk.problems, walk.ts_us, accounts


@contextmanager
def one_by_one() -> Iterator[None]:
    """No entries are read many at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entry, "survey", compiled.PURE["survey"])
        patch.setattr(entry, "skim", compiled.PURE["skim"])
        patch.setattr(searchable, "columns", compiled.PURE["columns"])
        patch.setattr(searchable, "examine", compiled.PURE["examine"])
        yield


@is_compiled
@given(logs(), st.sampled_from([0, FIRST]))
def test_a_survey_says_what_each_entry_says(entries: list[bytes], since: int) -> None:
    """Damage, accounts, faults and time."""
    with one_by_one():
        slow = judged(entries, since)
    assert judged(entries, since) == slow


def test_an_outcome_before_its_export_closes_nothing() -> None:
    """Though both are read at once."""
    bodies: list[dict[str, Any]] = [
        {"kind": "outcome", "export": FIRST + 1},
        {"kind": "export", "released": True},
    ]
    stamps = [{"seq": FIRST + at, "ts_us": 1000, "node": "n", "v": 1} for at in range(2)]
    entries = [
        msgspec.json.encode(body | stamp, order="sorted")
        for body, stamp in zip(bodies, stamps, strict=True)
    ]
    _, problems, _, _ = judged(entries, 0)
    assert [problem.index for problem in problems] == [FIRST]


@is_compiled
def test_a_sound_log_is_surveyed() -> None:
    """Or the speed would be lost; texts with escapes and entries of all kinds included."""
    bodies: list[dict[str, Any]] = [
        {"kind": "start"},
        {"kind": "export", "released": True},
        {"kind": "export", "released": False},
        {"kind": "outcome", "export": 1, "status": 'de"livered'},
        {"kind": "export", "rows": [1]},
        {"kind": "counters", "forwarded": 1},
    ]
    entries = [
        msgspec.json.encode(body | {"seq": seq, "ts_us": 5, "node": "n", "v": 1}, order="sorted")
        for seq, body in enumerate(bodies)
    ]
    found = entry.take_stock(entries, 0, 5)
    assert found is not None
    assert [other.kind for other in found.others] == ["start", "outcome", "export", "counters"]
    assert [stretch.released for stretch in found.stretches] == [[], [1], [], [], []]
    assert entry.take_stock(entries, 0, 6) is None
    assert entry.take_stock(entries, 1, 5) is None


ROWS = st.fixed_dictionaries(
    {
        "kind": st.just("export"),
        "node": st.just("n"),
        "seq": st.integers(0, 9),
        "ts_us": st.integers(0, 9),
        "v": st.just(1),
    },
    optional={
        "rid": ODD,
        "recipient": st.text(max_size=9),
        "records": st.integers(-(2**53) + 1, 2**53 - 1) | ODD,
        "released": st.booleans() | ODD,
        "treatments": ODD
        | st.lists(
            st.fixed_dictionaries(
                {"category": st.text(max_size=3) | st.sampled_from(["a", "aa", "é"])},
                optional={"cells": st.integers(0, 9), "z": ODD},
            )
            | st.just({"cells": 1}),
            max_size=5,
        ),
    },
)


def as_rows(entries: list[bytes]) -> pa.Table | None:
    """What sealing would make of them."""
    try:
        return searchable.table(entries)
    except InvalidEntry:
        return None


@is_compiled
@given(st.lists(ROWS, max_size=9))
def test_columns_are_equal(rows: list[dict[str, Any]]) -> None:
    """Every column of any entries; what is refused by one way is refused by the other."""
    rows = [
        row | {"v": 1, "ts_us": row["ts_us"] if type(row["ts_us"]) is int else 3} for row in rows
    ]
    entries = [msgspec.json.encode(row, order="sorted") for row in rows]

    with one_by_one():
        slow = as_rows(entries)
    quick = as_rows(entries)
    assert quick == slow
    if quick is not None:
        quick.validate(full=True)


@is_compiled
@given(logs(), st.lists(ROWS, max_size=9), st.data())
def test_one_reading_for_all_says_what_each_says(
    entries: list[bytes], rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Leaf hashes, survey, columns, in part of the rows, one cell perhaps changed."""
    numbered = [row | {"seq": seq, "ts_us": seq} for seq, row in enumerate(rows)]
    others = [msgspec.json.encode(row, order="sorted") for row in numbered]
    for some, first, ts_us in ((entries, FIRST, 1000), (others, 0, 0), (others, 1, 0)):
        if not some or (table := as_rows(some)) is None:
            continue
        if data.draw(st.booleans()):
            table = change_cell(table, data)
        start = data.draw(st.integers(0, len(some) - 1))
        (batch,) = table.slice(start).to_batches()
        leaves, survey, agrees = searchable.take_stock(batch, first + start, ts_us)
        assert leaves == tree.leaf_hashes(some[start:])
        assert survey == entry.take_stock(some[start:], first + start, ts_us)
        assert agrees in (None, sealed.agrees(batch))


def change_cell(table: pa.Table, data: st.DataObject) -> pa.Table:
    """Another value, or none, in one cell that is not the entry's."""
    at = data.draw(st.integers(0, len(searchable.schema()) - 1))
    field = searchable.schema().field(at)
    if field.name == "entry":
        return table
    values = table[field.name].to_pylist()
    row = data.draw(st.integers(0, len(values) - 1))
    strange: dict[int, Any] = {
        pa.list_(pa.string()).id: [None],
        pa.string().id: "",
        pa.int64().id: 0,
        pa.bool_().id: False,
    }
    values[row] = data.draw(
        st.sampled_from([OTHERS[field.type.id], None, strange.get(field.type.id)])
    )
    return table.set_column(at, field, pa.array(values, field.type))


@is_compiled
def test_ordinary_columns_are_not_declined() -> None:
    """Or the speed would be lost."""
    body = {
        "kind": "export",
        "recipient": 'A "quoted" \\ name\n',
        "treatments": [{"category": "pi_b", "cells": 1}, {"category": "pi_a", "cells": 2}],
    }
    data = msgspec.json.encode(body | {"seq": 0, "ts_us": 5, "node": "n", "v": 1}, order="sorted")
    (batch,) = searchable.table([data]).to_batches()
    assert None not in searchable.take_stock(batch, 0, 5)
    row = searchable.table([data, data]).to_pylist()[1]
    assert row["categories"] == ["pi_a", "pi_b"]
    assert row["recipient"] == body["recipient"]
    assert searchable.table([]).num_rows == 0


@is_compiled
@pytest.mark.parametrize("released", [True, False])
def test_a_truth_value_is_compared(released: bool) -> None:
    """A cell that holds the other one is not the entry's."""
    body = {"kind": "export", "released": released, "seq": 0, "ts_us": 5, "node": "n", "v": 1}
    rows = searchable.table([msgspec.json.encode(body, order="sorted")])
    at = rows.schema.get_field_index("released")
    for value in (released, not released):
        column = pa.array([value], pa.bool_())
        (batch,) = rows.set_column(at, rows.schema.field(at), column).to_batches()
        assert searchable.take_stock(batch, 0, 5)[-1] is (value is released)


def both(home: Home) -> Report:
    """The report, which is the same both ways."""
    with one_by_one():
        slow = home.verify()
    quick = home.verify()
    assert quick.as_dict() == slow.as_dict()
    return quick


CHANGES: list[Callable[[bytes], bytes]] = [
    lambda data: data.replace(b'"seq":', b'"seq":1', 1),
    lambda data: data.replace(b'"ts_us":1', b'"ts_us":', 1),
    lambda data: data.replace(b'"v":1', b'"v":2', 1),
    lambda data: data.replace(b'{"', b'{ "', 1),
    lambda data: data.replace(b'"kind":"export"', b'"kind":7', 1),
    lambda data: data.replace(b'"released":true', b'"released":1', 1),
    lambda data: data.replace(b'"number":', b'"number":4', 1),
    lambda data: b"[]",
    lambda data: b"",
]


@is_compiled
@pytest.mark.parametrize("change", CHANGES)
async def test_damaged_entries_are_named_alike(
    home: Home, change: Callable[[bytes], bytes]
) -> None:
    """In frames, with chain and checksums put right."""
    home.create()
    log = home.open()
    for number in range(6):
        await log.append([{"kind": "export", "released": True, "number": number}])
    await log.close()
    assert both(home).ok
    rewrite(home, lambda entries: [*entries[:3], change(entries[3]), *entries[4:]])
    assert not both(home).ok


@is_compiled
@pytest.mark.parametrize("change", CHANGES)
def test_damaged_sealed_entries_are_named_alike(
    parted: Home, change: Callable[[bytes], bytes]
) -> None:
    """In Parquet, columns and hashes being those of the changed entries where they can be."""
    path = sorted((parted.log / "seg").glob("*.parquet"))[2]
    rows = pq.read_table(path)
    entries = rows["entry"].to_pylist()
    place = next(at for at, one in enumerate(entries) if b'"kind":"export"' in one)
    entries[place] = change(entries[place])
    try:
        rows = searchable.table(entries).replace_schema_metadata(rows.schema.metadata)
    except InvalidEntry:
        at = rows.schema.get_field_index("entry")
        rows = rows.set_column(at, rows.schema.field(at), pa.array(entries, pa.binary()))
    pq.write_table(rows, path, write_page_checksum=True)
    report = both(parted)
    assert report.first_bad is not None
    assert report.first_bad <= int(path.stem) + place


OTHERS = {
    pa.string().id: "zz",
    pa.int64().id: 99,
    pa.bool_().id: True,
    pa.list_(pa.string()).id: ["zz"],
    pa.binary().id: b"z" * 32,
    pa.binary(32).id: b"z" * 32,
}


@is_compiled
def test_every_column_of_a_sealed_segment_is_compared(parted: Home) -> None:
    """Another value, or none, in any column of one row."""
    path = sorted((parted.log / "seg").glob("*.parquet"))[1]
    good = path.read_bytes()
    rows = pq.read_table(path)
    for at, field in enumerate(searchable.schema()):
        values = rows[field.name].to_pylist()
        changed = OTHERS[field.type.id]
        for value in (changed, changed if values[3] is None else None):
            column = pa.array([*values[:3], value, *values[4:]], field.type)
            pq.write_table(rows.set_column(at, field, column), path, write_page_checksum=True)
            report = both(parted)
            assert not report.ok, field.name
            assert report.first_bad is not None
    path.write_bytes(good)
    assert {problem.code for problem in both(parted).problems} == {"unaccounted"}
    assert sealed.chain(path)
