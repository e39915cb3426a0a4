"""JSON Lines and plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs import ndjson, text
from gateway.codecs.model import REMOVE, CodecFault, Edit, MalformedBody, Piece


def test_lines_share_their_columns_and_blank_lines_stay() -> None:
    """Each line is a record; equal values fold across lines; an edit lands on its line."""
    body = b'{"a": "x"}\n\r\n{"b": 1, "a": "y"}\r\n{"a": "x"}'
    document = ndjson.decode(body)
    column = next(c for c in document.batch.columns if c.pointer == "/a")
    assert (column.values, list(column.rows), list(column.refs)) == (
        ["x", "y"],
        [0, 1, 2],
        [0, 1, 0],
    )
    assert document.batch.records == 3
    out = document.encode({column.handles[1]: Edit((Piece(0, 1, "z"),))})
    assert out == body.replace(b'"y"', b'"z"')


def test_a_bad_line_is_named() -> None:
    """The position counts lines of the body, not of the JSON text."""
    with pytest.raises(MalformedBody, match="line 3 column"):
        ndjson.decode(b'{"a": 1}\n\n{"a": 1,}\n')


def test_lines_of_any_shape_can_be_edited() -> None:
    """Scalars, arrays and objects on their own lines keep their order of tokens."""
    document = ndjson.decode(b'"p"\n[1, "q"]\n{"k": "r"}\nnull\n"s"')
    edits = {
        handle: Edit((Piece(0, 1, "!"),))
        for column in document.batch.columns
        for handle, ref in zip(column.handles, column.refs, strict=True)
        if column.values[ref] in {"q", "s"}
    }
    assert document.encode(edits) == b'"p"\n[1, "!"]\n{"k": "r"}\nnull\n"!"'


def test_empty_bodies_have_no_records() -> None:
    """Nothing in, nothing out."""
    for decode in (ndjson.decode, text.decode):
        document = decode(b"")
        assert (document.batch.records, document.batch.cells) == (0, 0)
        assert document.encode({}) == b""


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"))))
def test_text_lines_come_back(lines: list[str]) -> None:
    """Rewriting every line with itself gives the same bytes."""
    body = "\n".join(lines).encode()
    document = text.decode(body)
    (column,) = document.batch.columns
    edits = {
        handle: Edit((Piece(0, len(column.values[ref]), column.values[ref]),))
        for handle, ref in zip(column.handles, column.refs, strict=True)
    }
    assert document.encode(edits) == body


def test_line_ends_and_mark_are_kept() -> None:
    """CRLF, LF and a byte order mark are outside the cells."""
    body = b"\xef\xbb\xbfone\r\n\r\ntwo\n"
    document = text.decode(body)
    (column,) = document.batch.columns
    assert (list(column.values), list(column.rows)) == (["one", "two"], [0, 2])
    assert document.batch.records == 3
    assert document.encode({0: REMOVE}) == b"\xef\xbb\xbf\r\n\r\ntwo\n"


def test_an_edit_may_not_break_a_line() -> None:
    """A new line within a cell would make a new record."""
    with pytest.raises(CodecFault):
        text.decode(b"a").encode({0: Edit((Piece(0, 1, "b\nc"),))})


def test_invalid_utf8_text_is_refused() -> None:
    """The byte's position is named."""
    with pytest.raises(MalformedBody, match="byte 1"):
        text.decode(b"a\xff")
