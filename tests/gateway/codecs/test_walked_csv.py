"""The compiled reader of tables gives what the Python one gives, or nothing at all."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.codecs import csv, walked_csv
from gateway.codecs.model import REMOVE, Change, CodecFault, Document, Edit, MalformedBody, Piece

pytestmark = pytest.mark.skipif(walked_csv._TABLE is None, reason="nothing is compiled here")

# What tables are made of, and near misses of them.
QUOTED = [b'"', b'""', b'"a"', b'"b,c"', b'"d""e"', b'"f\ng"']
PLAIN = [b"a", b"1.50", b"\xe5\x90\x8d", b"\xff", b"\xef\xbb\xbf", b"\x00", b" "]
ENDS = [b",", b",", b";", b"\t", b"|", b"\n", b"\n", b"\r\n", b"\r"]
PIECES = st.sampled_from([*QUOTED, *PLAIN, *ENDS])
FIELDS = st.text(st.sampled_from('ab,;"\n\r名 |é\0'), max_size=5)
OPTIONS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(["", ",", "\t"]),
        "header": st.booleans(),
        "key_cells": st.booleans(),
        "prefix": st.sampled_from(["", "body:"]),
    }
)


def pure(body: bytes, **options: Any) -> Document:
    """The Python reader's document."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(walked_csv, "_TABLE", None)
        return csv.decode(body, **options)


def shape(document: Document) -> list[Any]:
    """Everything a batch says, sequences as lists."""
    batch = document.batch
    columns = [
        (c.pointer, c.name, c.kind, *map(list, (c.values, c.rows, c.refs, c.handles)))
        for c in batch.columns
    ]
    return [batch.records, batch.source_bytes, columns]


def written(document: Document, edits: dict[int, Change]) -> bytes | str:
    """The bytes, or the fault in words."""
    try:
        return document.encode(edits)
    except CodecFault as fault:
        return str(fault)


def agree(body: bytes, **options: Any) -> bool:
    """Both see the same and write the same; whether the compiled reader took the body."""
    try:
        document = pure(body, **options)
    except MalformedBody:
        with pytest.raises(MalformedBody):
            csv.decode(body, **options)
        return False
    found = csv.decode(body, **options)
    assert shape(found) == shape(document)
    source = random.Random(body)
    edits: dict[int, Change] = {}
    for column in found.batch.columns:
        for handle, ref in zip(column.handles, column.refs, strict=True):
            size = len(column.values[ref])
            start = source.randint(0, size)
            new = source.choice(["", "9", 'x"\n名', ","])
            edits[handle] = Edit((Piece(start, source.randint(start, size), new),))
            if source.random() < 0.3 and not column.pointer.startswith("key:"):
                edits[handle] = REMOVE
    some = {handle: edits[handle] for handle in source.sample(sorted(edits), len(edits) // 2)}
    for chosen in (edits, some, {}):
        assert found.encode(chosen) == document.encode(chosen)
    faults: list[dict[int, Change]] = [{-1: REMOVE}, {10**9: REMOVE}, {0: REMOVE}]
    faults.append({0: Edit((Piece(0, 0, "\ud800"),))})
    for fault in faults:
        assert written(found, fault) == written(document, fault)
    return isinstance(found, walked_csv.WalkedTable)


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=16).map(b"".join), OPTIONS)
def test_near_misses(body: bytes, options: dict[str, Any]) -> None:
    """Any order of delimiters, quotes and line ends: refused by one, refused by both."""
    agree(body, **options)


@settings(max_examples=300)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(FIELDS, min_size=width, max_size=width), max_size=6)
    ),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    OPTIONS,
)
def test_tables(rows: list[list[str]], end: str, mark: bool, options: dict[str, Any]) -> None:
    """Well-formed tables of any texts, with and without a byte order mark and a last line end."""
    delimiter = options["delimiter"] or ","
    quoted = [[f'"{f.replace(chr(34), 2 * chr(34))}"' for f in row] for row in rows]
    text = end.join(delimiter.join(row) for row in quoted) + (end if len(rows) % 2 else "")
    agree((b"\xef\xbb\xbf" if mark else b"") + text.encode(), **options)


def test_an_ordinary_table_is_taken() -> None:
    """Quoted and plain fields, doubled quotes, a line end within quotes."""
    body = '\ufeff名,"b ""c"""\r\n王伟,"1\n2"\r\n王伟,\r\n'.encode()
    assert agree(body)
    assert not agree(b"a,b\n1,2\n\n3,4\n")  # a blank line
    assert not agree(b"a\n1\n")  # one column
