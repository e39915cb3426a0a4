"""The compiled walk gives what the Python walk gives, or nothing at all."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs import json as json_codec
from gateway.codecs import ndjson, walked
from gateway.codecs.model import REMOVE, Change, Document, Edit, MalformedBody, Piece

pytestmark = pytest.mark.skipif(walked._WALK is None, reason="no compiled walk on this machine")

KEYS = st.sampled_from(["a", "b", "items", "*", "x/y", "~", "", "名", '"', "\n", "é"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from(["", "13800138000", "王伟", 'a"b\\c', "\U0001f600", "\x7f"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=24,
)
RECORDS = st.sampled_from(["", "/items", "/a/b", "/x~1y", "/~2", "/*"])
# Bytes that build near misses of JSON.
WORDS = rb"""{ } [ ] , : " "a" "b":1 - -0 01 1. 1e5 1E+99 1e400 0.10 true null nul \
"\u12" "\/" "\x"
"\ud83d\ude00" "\ud83d" {"a":1,"a":2} {"a":"x"} NaN [[]] 123456789012345678901234567890"""
ODD = (b" ", b"\n", b"\r", b"\xef\xbb\xbf", b'"\t"', b"\x00", b'"\xed\xa0\x80"')
NOISE = st.lists(st.sampled_from([*WORDS.split(), *ODD]), max_size=9).map(b"".join)


def pure(body: bytes, **options: Any) -> Document:
    """The Python walk's document."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(walked, "_WALK", None)
        if options.pop("lines", False):
            return ndjson.decode(body)
        return json_codec.decode(body, **options)


def shape(document: Document) -> list[Any]:
    """Everything a batch says, sequences as lists."""
    batch = document.batch
    columns = [
        (c.pointer, c.name, c.kind, *map(list, (c.values, c.rows, c.refs, c.handles)))
        for c in batch.columns
    ]
    return [batch.records, batch.source_bytes, columns]


def agree(body: bytes, **options: Any) -> None:
    """Both walks see the same, and write the same edits, where the compiled one sees anything."""
    found = walked.walked(body, **options)
    if found is None:
        return
    document = pure(body, **options)  # raises where the Python walk refuses
    assert shape(found) == shape(document)
    source = random.Random(body)
    edits: dict[int, Change] = {}
    for column in found.batch.columns:
        for handle, ref in zip(column.handles, column.refs, strict=True):
            size = len(column.values[ref])
            start = source.randint(0, size)
            piece = Piece(start, source.randint(start, size), source.choice(["", "9", 'x"\n名']))
            edits[handle] = source.choice([REMOVE, Edit((piece,)), Edit((Piece(0, size, "7"),))])
    some = {handle: edits[handle] for handle in source.sample(sorted(edits), len(edits) // 2)}
    for chosen in (edits, some, {}):
        assert found.encode(chosen) == document.encode(chosen)


@given(VALUES, RECORDS, st.booleans(), st.sampled_from([None, 1]))
def test_same_columns_and_same_edits(
    value: Any, records: str, ascii_only: bool, indent: int | None
) -> None:
    """Any value, any spelling of its strings, with and without records inside."""
    body = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "replace")
    agree(body, records=records, prefix="body:")


@given(NOISE)
def test_what_is_refused_is_never_accepted(body: bytes) -> None:
    """Near misses of JSON: refused by one, refused by both."""
    try:
        pure(body)
    except MalformedBody:
        assert walked.walked(body) is None
    else:
        agree(body)


@given(st.lists(st.one_of(NOISE, VALUES.map(lambda v: json.dumps(v).encode())), max_size=5))
def test_lines_alike(lines: list[bytes]) -> None:
    """The same for JSON Lines, blank and broken lines among them."""
    body = b"\n".join(lines)
    try:
        pure(body, lines=True)
    except MalformedBody:
        assert walked.walked(body, lines=True) is None
    else:
        agree(body, lines=True)


def test_ordinary_bodies_are_taken() -> None:
    """The comparison is not of nothing: what shops send goes the compiled way."""
    order = {
        "order": "SO1",
        "sum": 12.50,
        "n": 3,
        "gift": False,
        "x": None,
        "buyer": {"名": "王伟"},
    }
    for body in (
        json.dumps([order, {**order, "extra": ["a", {"b": 1}]}]).encode(),
        json.dumps({"items": [order], "note": "\u00e9\u201c"}, indent=2).encode(),
        b"[]",
        b"{}",
        b'"x"',
        b"[[],{},[[1]]]",
    ):
        assert walked.walked(body) is not None
        agree(body)
        agree(body, records="/items")


def test_many_keys_and_deep_bodies() -> None:
    """A dictionary of keys is read like any object; too deep or too many is left to refuse."""
    wide = json.dumps([{f"k{n}": n for n in range(3_000)}] * 3).encode()
    assert walked.walked(wide) is not None
    agree(wide)
    assert walked.walked(b"[" * 200 + b"]" * 200) is None
    assert walked.walked(json.dumps({f"k{n}": n for n in range(20_001)}).encode()) is None
