"""JSON that keeps its types under every treatment."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs.json import decode
from gateway.codecs.model import REMOVE, Change, Edit, Piece
from gateway.treatment.same_type import same_type

_VALUE = st.booleans() | st.integers(-(10**9), 10**9) | st.text("ab1", max_size=4)
_NEW = st.none() | st.sampled_from(["x", "12", "-1.5e3", "007", "true", "null", "", "<ENTITY>"])


def _kind(value: Any) -> type:
    return int if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value)


@given(st.lists(st.tuples(_VALUE, _NEW), max_size=6))
def test_types_stay_whatever_is_written(cells: list[tuple[Any, str | None]]) -> None:
    """A new text that fits is written as it is, anything else as a value of the old type."""
    document = decode(json.dumps([value for value, _ in cells]).encode())
    by_row = {}
    for column in document.batch.columns:
        for row, ref, handle in zip(column.rows, column.refs, column.handles, strict=True):
            by_row[row] = handle, column.values[ref]
    edits: dict[int, Change] = {}
    for row, (_, new) in enumerate(cells):
        handle, old = by_row[row]
        edits[handle] = REMOVE if new is None else Edit((Piece(0, len(old), new),))
    out = json.loads(document.encode(same_type(document.batch, edits)))
    assert [_kind(value) for value in out] == [_kind(value) for value, _ in cells]


@pytest.mark.parametrize(("old", "new", "want"), [(7, "19000", 19000), (True, "false", False)])
def test_what_fits_is_kept(old: Any, new: str, want: Any) -> None:
    """A rounded number is a number."""
    document = decode(json.dumps({"v": old}).encode())
    edits: dict[int, Change] = {0: Edit((Piece(0, len(json.dumps(old)), new),))}
    out = json.loads(document.encode(same_type(document.batch, edits)))
    assert out["v"] == want
    assert type(out["v"]) is type(want)
