"""Entries as Arrow columns: what a sealed segment makes searchable."""

# ruff: noqa: PLC0415 - pyarrow is slow to load, and most commands need none

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

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

    held = pa.array(entries, pa.binary())
    place = schema().get_field_index("entry")
    members = _arrays(columns(entries, _NAMES, _KINDS, MAX_ENTRY_BYTES), len(entries))
    return derive(entries, leaf_hashes(entries), members).add_column(place, "entry", held)


def take_stock(
    entries: Sequence[bytes], seq: int, ts_us: int
) -> tuple[Survey | None, dict[str, Any] | None]:
    """What `entry.take_stock` says, and the members of `derive`, in one reading.

    Either is None where it needs a closer look.
    """
    stock, buffers = examine(entries, _ALL_NAMES, _ALL_KINDS, (seq, ts_us), MAX_ENTRY_BYTES)
    return read_stock(stock), _arrays(buffers, len(entries))


def derive(
    entries: Sequence[bytes], leaves: Sequence[bytes], members: dict[str, Any] | None
) -> pa.Table:
    """All columns but `entry` itself; `leaves` are the leaf hashes. Raises `InvalidEntry`.

    `members` are the columns but those two, None where they are still to be read.
    """
    import pyarrow as pa

    members = members or _read_rows(entries)
    wanted = schema()
    wanted = wanted.remove(wanted.get_field_index("entry"))
    held = [None, pa.py_buffer(b"".join(leaves))]
    members["leaf"] = pa.Array.from_buffers(pa.binary(32), len(leaves), held)
    return pa.table(members, schema=wanted)


def _read_rows(entries: Sequence[bytes]) -> dict[str, Any]:
    rows = read_rows(entries)
    found: dict[str, Any] = {name: list(map(attrgetter(name), rows)) for name in COLUMNS}
    found["categories"] = [sorted({one.category for one in row.treatments}) for row in rows]
    return found


def _arrays(found: Buffers | None, rows: int) -> dict[str, Any] | None:
    import pyarrow as pa

    if found is None:
        return None
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
    entries: Sequence[bytes],
    names: tuple[bytes, ...],
    kinds: str,
    due: tuple[int, int],
    max_size: int,
) -> tuple[Stock | None, Buffers | None]:
    """Both `entry.survey`, of entries that follow on what is due, and `columns`.

    Members of kind - become no column.
    In Python that would save nothing, so this one always declines.
    """
    return None, None
