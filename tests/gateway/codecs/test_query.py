"""The query string, against the standard library's reading of it."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import CellKind
from gateway.codecs.model import REMOVE, CodecFault, Edit, MalformedBody, Piece
from gateway.codecs.query import decode

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.tuples(_TEXT, _TEXT), max_size=5), st.sampled_from([quote, quote_plus]), _TEXT)
def test_values_are_read_and_rewritten(pairs, spell, new) -> None:  # type: ignore[no-untyped-def]
    """Cells are what parse_qsl reads; rewriting all of them gives the new text everywhere."""
    body = "&".join(f"{spell(name)}={spell(value)}" for name, value in pairs).encode()
    document = decode(body)
    cells = [
        (handle, column.name, column.values[ref])
        for column in document.batch.columns
        for handle, ref in zip(column.handles, column.refs, strict=True)
    ]
    assert [(n, v) for _, n, v in sorted(cells)] == pairs
    assert document.encode({handle: Edit(()) for handle, *_ in cells}) == body
    edits = {handle: Edit((Piece(0, len(value), new),)) for handle, _, value in cells}
    out = document.encode(edits).decode()
    assert parse_qsl(out, keep_blank_values=True) == [(name, new) for name, _ in pairs]


def test_untouched_spelling_stays() -> None:
    """Lower-case hex, plus signs, empty and repeated parameters stay as spelt."""
    body = b"a=%e5%bc%a0+13800138000&&b&a=x%2By&c="
    document = decode(body)
    column = next(c for c in document.batch.columns if c.pointer == "query:/a")
    assert list(column.values) == ["张 13800138000", "x+y"]
    out = document.encode({column.handles[0]: Edit((Piece(5, 9, "****"),))})
    assert out == body.replace(b"0013", b"0013").replace(b"13800138000", b"138%2A%2A%2A%2A8000")


def test_names_are_cells_on_request() -> None:
    """Every name can be renamed, none removed."""
    document = decode(b"13800138000=1&b", key_cells=True)
    names = document.batch.columns[0]
    assert (names.pointer, names.kind) == ("key:query:", CellKind.KEY)
    out = document.encode({names.handles[0]: Edit((Piece(0, 11, "<PHONE_NUMBER_1>"),))})
    assert out == b"%3CPHONE_NUMBER_1%3E=1&b"
    with pytest.raises(CodecFault):
        document.encode({names.handles[0]: REMOVE})


def test_a_removed_value_is_empty() -> None:
    """The parameter stays, its value goes."""
    document = decode(b"a=1&b=2")
    handle = next(c.handles[0] for c in document.batch.columns if c.name == "a")
    assert document.encode({handle: REMOVE}) == b"a=&b=2"


@pytest.mark.parametrize("body", [b"a=%", b"a=%4", b"a=%zz", b"a=%ff", b"%C3=1", b"a=\xff"])
def test_bad_percent_encoding_is_refused(body: bytes) -> None:
    """What two readers may read in two ways is refused."""
    with pytest.raises(MalformedBody, match="parameter 1"):
        decode(body)


@pytest.mark.parametrize("handle", [-1, 0, 1, 2])
def test_unknown_parameters_are_faults(handle: int) -> None:
    """An edit for a value that is not there stops the export."""
    with pytest.raises(CodecFault):
        decode(b"a").encode({handle: REMOVE})
