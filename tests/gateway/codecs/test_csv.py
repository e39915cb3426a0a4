"""CSV and TSV, against the standard library's reader."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import CellKind
from gateway.codecs.csv import decode
from gateway.codecs.model import REMOVE, CodecFault, Edit, MalformedBody, Piece

_CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5) | st.sampled_from(
    ['a"b', "a,b", "a\nb", "a\r\nb", '""', ";", "\t", "张三", "=1+1", " x "]
)
_TABLE = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(_CELL, min_size=width, max_size=width), max_size=5)
)


def _spelt(rows: list[list[str]], delimiter: str, quoting: int, end: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue().encode()


@given(
    _TABLE,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
    _CELL,
    st.booleans(),
)
def test_tables_are_read_and_rewritten(  # type: ignore[no-untyped-def]
    rows, delimiter, quoting, end, new, cut
) -> None:
    """Columns are what csv.reader reads; rewriting each cell gives the new text everywhere."""
    names = ["a", "b,", "*", "/"][: len(rows[0])] if rows else ["a", "b"]
    body = _spelt([names, *rows], delimiter, quoting, end)
    body = body.removesuffix(end.encode()) if cut else body
    document = decode(body, delimiter=delimiter)
    columns = document.batch.columns[1:]
    read = [[column.values[ref] for ref in column.refs] for column in columns]
    assert [list(row) for row in zip(*read, strict=True)] == rows
    assert document.batch.records == len(rows)
    handles = [(h, c.values[r]) for c in columns for h, r in zip(c.handles, c.refs, strict=True)]
    assert document.encode({handle: Edit(()) for handle, _ in handles}) == body
    edits = {handle: Edit((Piece(0, len(text), new),)) for handle, text in handles}
    out = document.encode(edits).decode()
    again = list(csv.reader(io.StringIO(out, newline=""), delimiter=delimiter))
    assert again == [names, *([new] * len(names) for _ in rows)]


def test_untouched_bytes_stay() -> None:
    """Mark, quotes, blank lines and line ends stay; one field changes, within its quotes."""
    body = '\ufeffname;"tel no";x\r\n\r\n"O""Neil 13800138000";1;\n"b";"";"c\nd"'.encode()
    document = decode(body)
    column = next(c for c in document.batch.columns if c.pointer == "/name")
    assert list(column.values) == ['O"Neil 13800138000', "b"]
    out = document.encode({column.handles[0]: Edit((Piece(10, 14, '"*"'),))})
    assert out == body.replace(b"13800138000", b'138""*""8000')


def test_quotes_are_put_where_they_become_needed() -> None:
    """A new text with a delimiter, a quote or a line end is quoted; a removed one is empty."""
    document = decode(b"a,b\n1,2\n")
    (one,), (two,) = (c.handles for c in document.batch.columns[1:])
    out = document.encode({one: Edit((Piece(1, 1, ',"x'),)), two: REMOVE})
    assert out == b'a,b\n"1,""x",\n'


def test_header_names_are_keys() -> None:
    """They can be renamed, for all records, but not removed."""
    document = decode(b"13800138000,b\n1,2\n", key_cells=True)
    names = document.batch.columns[0]
    assert (names.pointer, names.kind, list(names.rows)) == ("key:", CellKind.KEY, [-1, -1])
    out = document.encode({names.handles[0]: Edit((Piece(0, 11, "<PHONE_NUMBER_1>"),))})
    assert out == b"<PHONE_NUMBER_1>,b\n1,2\n"
    with pytest.raises(CodecFault):
        document.encode({names.handles[0]: REMOVE})


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"a,b\n1\n", "row 2"),
        (b"a,b\n1,2,3\n", "row 2"),
        (b"a,a\n1,2\n", "column 2"),
        (b'a,b\n1,x"y\n', "line 2"),
        (b'a,b\n1,"x"y\n', "line 2"),
        (b'a,b\n1,"x\n', "line 2"),
        (b"a,b\r1,2\r", "line 1"),
        (b"a,\xff\n", "byte 2"),
        (b"a," * 20_001, "row 1"),
    ],
)
def test_tables_that_others_may_read_otherwise_are_refused(body: bytes, where: str) -> None:
    """Ragged rows, doubled names, stray quotes and line ends, bad bytes: each with its place."""
    with pytest.raises(MalformedBody, match=where):
        decode(body)


def test_charset_must_be_able_to_say_it() -> None:
    """A text the charset cannot hold stops the export instead of becoming question marks."""
    document = decode("名\n张".encode("gb18030"), charset="gb18030")
    assert document.encode({1: Edit((Piece(0, 1, "李"),))}) == "名\n李".encode("gb18030")
    with pytest.raises(CodecFault):
        document.encode({1: Edit((Piece(0, 1, "\ud800"),))})


@pytest.mark.parametrize("body", [b"", b"\n", b"a", b"a\n", b"a,b"])
def test_tables_without_rows(body: bytes) -> None:
    """No record; written back as they came."""
    document = decode(body)
    assert document.batch.records == 0
    assert document.encode({}) == body
