"""Entries as Arrow columns: what a sealed segment makes searchable."""

# ruff: noqa: PLC0415 - pyarrow is slow to load, and most commands need none

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from audit_log.compiled import twin
from audit_log.entry import (
    HEADER_FIELDS,
    MAX_ENTRY_BYTES,
    Stock,
    Survey,
    read_rows,
    read_stock,
)
from audit_log.tree import leaf_hashes

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS: Final = (
    "seq",
    "ts_us",
    "kind",
    "rid",
    "decision_id",
    "caller",
    "route",
    "destination",
    "recipient",
    "purpose",
    "outcome",
    "status",
    "records",
    "revision",
    "released",
    "export",
    "shape",
    "code",
)
_OTHER_KINDS: Final = dict.fromkeys(("seq", "ts_us", "records", "export"), "i") | {
    "released": "b",
    "treatments": "c",
}
_FIELDS: Final = tuple(sorted((*COLUMNS, "treatments")))
_NAMES: Final = tuple(name.encode() for name in _FIELDS)
_KINDS: Final = "".join(_OTHER_KINDS.get(name, "s") for name in _FIELDS)
_ALL_NAMES: Final = tuple(sorted({*_NAMES, *HEADER_FIELDS}))
_ALL_KINDS: Final = "".join(
    dict(zip(_NAMES, _KINDS, strict=True)).get(name, "-") for name in _ALL_NAMES
)
_PLACES: Final = bytes(
    (*COLUMNS, "categories").index({"treatments": "categories"}.get(name, name))
    if name in _FIELDS
    else 255
    for name in map(bytes.decode, _ALL_NAMES)
)
_MEMBERS: Final = (_ALL_NAMES, _ALL_KINDS, _PLACES)
Buffers = list[tuple[bytes, bytes, bytes, bytes]]


@cache
def schema() -> pa.Schema:
    """Columns of a sealed segment."""
    import pyarrow as pa

    types = {"s": pa.string(), "i": pa.int64(), "b": pa.bool_()}
    columns = [(name, types[_OTHER_KINDS.get(name, "s")]) for name in COLUMNS]
    categories = ("categories", pa.list_(pa.string()))
    return pa.schema([*columns, categories, ("entry", pa.binary()), ("leaf", pa.binary(32))])


def table(entries: Sequence[bytes]) -> pa.Table:
    """The rows of `entries`: a pure function of their bytes. Raises `InvalidEntry`."""
    import pyarrow as pa

    found = columns(entries, _NAMES, _KINDS, MAX_ENTRY_BYTES)
    members = _read_rows(entries) if found is None else _arrays(found, len(entries))
    members["entry"] = pa.array(entries, pa.binary())
    leaves = [None, pa.py_buffer(b"".join(leaf_hashes(entries)))]
    members["leaf"] = pa.Array.from_buffers(pa.binary(32), len(entries), leaves)
    return pa.table(members, schema=schema())


class Examined(NamedTuple):
    """What rows of a sealed segment say; the last two None where they need a closer look."""

    leaves: list[bytes]
    survey: Survey | None  # as `entry.take_stock` makes it
    agrees: bool | None  # whether all columns are those of the entries


def take_stock(rows: pa.RecordBatch, seq: int, ts_us: int) -> Examined:
    """Read rows from entry `seq` on once; the last entry before was of the time `ts_us`."""
    leaves, stock, same = examine(rows, _MEMBERS, (seq, ts_us), MAX_ENTRY_BYTES)
    return Examined(leaves, read_stock(stock), same)


def _read_rows(entries: Sequence[bytes]) -> dict[str, Any]:
    rows = read_rows(entries)
    found: dict[str, Any] = {name: list(map(attrgetter(name), rows)) for name in COLUMNS}
    found["categories"] = [sorted({one.category for one in row.treatments}) for row in rows]
    return found


def _arrays(found: Buffers, rows: int) -> dict[str, Any]:
    import pyarrow as pa

    wanted, arrays = schema(), {}
    for name, kind, buffers in zip(_FIELDS, _KINDS, found, strict=True):
        present, values, text, lists = map(pa.py_buffer, buffers)
        if kind == "c":
            texts = pa.Array.from_buffers(pa.string(), values.size // 4 - 1, [None, values, text])
            ends = pa.Array.from_buffers(pa.int32(), rows + 1, [None, lists])
            arrays["categories"] = pa.ListArray.from_arrays(ends, texts)
        else:
            used = [present, values, text] if kind == "s" else [present, values]
            arrays[name] = pa.Array.from_buffers(wanted.field(name).type, rows, used)
    return arrays


@twin
def columns(
    entries: Sequence[bytes], names: tuple[bytes, ...], kinds: str, max_size: int
) -> Buffers | None:
    """For each ascending name, as Arrow has them: which entries have it, values, texts, lists.

    Kinds: i integers, b bits, s texts (their offsets are the values), c the categories of
    treatments. None where an entry is not plainly canonical, too long or has a member of another
    kind. In Python that would save nothing, so this one always declines.
    """
    return None


@twin
def examine(
    rows: pa.RecordBatch,
    members: tuple[tuple[bytes, ...], str, bytes],
    due: tuple[int, int],
    max_size: int,
) -> tuple[list[bytes], Stock | None, bool | None]:
    """Leaf hashes of the rows' entries, `entry.survey` of them, whether all columns are theirs.

    The entries follow on what is due. Of the members there are names, kinds (as in `columns`, or -
    where they have no column) and the places of their columns. In Python the last two results
    would save nothing, so this one always declines them.
    """
    return leaf_hashes(rows["entry"].to_pylist()), None, None
