"""Entries as Arrow columns: what a sealed segment makes searchable."""

# ruff: noqa: PLC0415 - pyarrow is slow to load, and most commands need none

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from audit_log.compiled import twin
from audit_log.entry import MAX_ENTRY_BYTES, read_rows
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
    return derive(entries, leaf_hashes(entries)).add_column(place, "entry", held)


def derive(entries: Sequence[bytes], leaves: Sequence[bytes]) -> pa.Table:
    """All columns but `entry` itself; `leaves` are the leaf hashes. Raises `InvalidEntry`."""
    import pyarrow as pa

    members = _read_compiled(entries) or _read_rows(entries)
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


def _read_compiled(entries: Sequence[bytes]) -> dict[str, Any] | None:
    import pyarrow as pa

    found = columns(entries, _NAMES, _KINDS, MAX_ENTRY_BYTES)
    if found is None:
        return None
    wanted, arrays = schema(), {}
    for name, kind, buffers in zip(_FIELDS, _KINDS, found, strict=True):
        present, values, text, lists = map(pa.py_buffer, buffers)
        if kind == "c":
            texts = pa.Array.from_buffers(pa.string(), values.size // 4 - 1, [None, values, text])
            ends = pa.Array.from_buffers(pa.int32(), len(entries) + 1, [None, lists])
            arrays["categories"] = pa.ListArray.from_arrays(ends, texts)
        else:
            used = [present, values, text] if kind == "s" else [present, values]
            arrays[name] = pa.Array.from_buffers(wanted.field(name).type, len(entries), used)
    return arrays


@twin
def columns(
    entries: Sequence[bytes], names: tuple[bytes, ...], kinds: str, max_size: int
) -> list[tuple[bytes, bytes, bytes, bytes]] | None:
    """For each ascending name, as Arrow has them: which entries have it, values, texts, lists.

    Kinds: i integers, b bits, s texts (their offsets are the values), c the categories of
    treatments. None where an entry is not plainly canonical, too long or has a member of another
    kind. In Python that would save nothing, so this one always declines.
    """
    return None
