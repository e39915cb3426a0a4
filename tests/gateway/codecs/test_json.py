"""JSON to columns and back, against a plain recursive walk."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import Batch, CellKind
from gateway.codecs import walked
from gateway.codecs.json import decode
from gateway.codecs.model import REMOVE, CodecFault, Edit, MalformedBody, Piece
from gateway.codecs.places import MAX_PLACES, MAX_POINTER


@pytest.fixture(autouse=True, scope="module", params=["compiled", "python"])
def walk(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything below holds of both walks."""
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "python":
            patched.setattr(walked, "_WALK", None)
        elif walked._WALK is None:
            pytest.skip("no compiled walk on this machine")
        yield


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_SCALAR = st.none() | st.booleans() | st.integers() | _TEXT
_KEY = st.sampled_from(["a", "b", "*", "~", "/", "", "é"]) | _TEXT
_VALUE = st.recursive(
    _SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEY, inner, max_size=4),
    max_leaves=20,
)
_RECORDS = st.lists(st.fixed_dictionaries({"a": _VALUE, "b": _VALUE, "c": _VALUE}), max_size=5)


def _spelt(value: Any, data: st.DataObject) -> bytes:
    """`value` as JSON in one of several spellings."""
    ascii_only = data.draw(st.booleans())
    indent = data.draw(st.sampled_from([None, 1]))
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()


def _walk(value: Any, pointer: str = "") -> Iterator[tuple[str, str, CellKind]]:
    """Every cell as the slowest and plainest walk sees it."""
    match value:
        case dict():
            for key, inner in value.items():
                token = "~2" if key == "*" else key.replace("~", "~0").replace("/", "~1")
                yield from _walk(inner, f"{pointer}/{token}")
        case list():
            for inner in value:
                yield from _walk(inner, f"{pointer}/*")
        case bool():
            yield pointer, str(value).lower(), CellKind.BOOLEAN
        case int():
            yield pointer, str(value), CellKind.NUMBER
        case str():
            yield pointer, value, CellKind.TEXT


def _cells(batch: Batch) -> Iterator[tuple[str, str, CellKind, int, int]]:
    for column in batch.columns:
        for row, ref, handle in zip(column.rows, column.refs, column.handles, strict=True):
            yield column.pointer, column.values[ref], column.kind, row, handle


def _replaced(value: Any, new: str) -> Any:
    match value:
        case dict():
            return {key: _replaced(inner, new) for key, inner in value.items()}
        case list():
            return [_replaced(inner, new) for inner in value]
        case None:
            return None
    return new


def _whole(batch: Batch, new: str) -> dict[int, Edit]:
    return {handle: Edit((Piece(0, len(text), new),)) for _, text, _, _, handle in _cells(batch)}


@given(_VALUE | _RECORDS, st.data())
def test_columns_hold_every_cell_once(value: Any, data: st.DataObject) -> None:
    """The columns hold the same cells as a recursive walk."""
    batch = decode(_spelt(value, data)).batch
    assert Counter((p, t, k) for p, t, k, _, _ in _cells(batch)) == Counter(_walk(value))
    assert len({handle for *_, handle in _cells(batch)}) == batch.cells


@given(st.lists(_VALUE, max_size=5))
def test_elements_of_a_top_level_array_are_the_records(values: list[Any]) -> None:
    """Each cell's row is the index of the element it stands in."""
    batch = decode(json.dumps(values).encode()).batch
    want = Counter((p, t, k, i) for i, v in enumerate(values) for p, t, k in _walk(v, "/*"))
    assert Counter(cell[:4] for cell in _cells(batch)) == want
    assert batch.records == len(values)


@given(_VALUE | _RECORDS, _TEXT.map("x".__add__), st.data())
def test_every_cell_can_be_rewritten(value: Any, new: str, data: st.DataObject) -> None:
    """Edits on all cells give the same structure with the new text everywhere."""
    document = decode(_spelt(value, data))
    out = document.encode(_whole(document.batch, new))
    assert json.loads(out) == _replaced(value, new)


@given(_VALUE | _RECORDS, st.data())
def test_one_edit_changes_one_cell(value: Any, data: st.DataObject) -> None:
    """After editing one cell, decoding again shows that cell changed and no other."""
    document = decode(_spelt(value, data))
    cells = list(_cells(document.batch))
    if not cells:
        return
    pointer, text, kind, row, handle = data.draw(st.sampled_from(cells))
    again = decode(document.encode({handle: Edit((Piece(0, len(text), "new"),))})).batch
    before, after = Counter(c[:4] for c in cells), Counter(c[:4] for c in _cells(again))
    before[pointer, text, kind, row] -= 1
    before[pointer, "new", CellKind.TEXT, row] += 1
    assert after == +before


@given(_VALUE, st.data())
def test_untouched_bytes_are_identical(value: Any, data: st.DataObject) -> None:
    """No edits, and edits with no pieces on strings, give the body back byte for byte."""
    body = _spelt(value, data)
    document = decode(body)
    assert document.encode({}) is body
    idle = {
        handle: Edit(())
        for _, _, kind, _, handle in _cells(document.batch)
        if kind is CellKind.TEXT
    }
    assert document.encode(idle) == body


@given(_TEXT, _TEXT, _TEXT, _TEXT, st.booleans())
def test_the_rest_of_a_string_keeps_its_spelling(
    head: str, old: str, tail: str, new: str, escaped: bool
) -> None:
    """Replacing a span leaves the escapes before and after it as they were."""
    raw = [json.dumps(part, ensure_ascii=escaped).encode()[1:-1] for part in (head, old, tail)]
    document = decode(b'{"a":"' + b"".join(raw) + b'"}')
    edit = Edit((Piece(len(head), len(head) + len(old), new),))
    out = document.encode({0: edit})
    assert out.startswith(b'{"a":"' + raw[0])
    assert out.endswith(raw[2] + b'"}')
    assert json.loads(out) == {"a": head + new + tail}


@given(st.dictionaries(_KEY, _VALUE, min_size=1, max_size=4) | _RECORDS, st.data())
def test_keys_can_be_renamed(value: Any, data: st.DataObject) -> None:
    """With key cells every key of the body can be renamed where it stands."""
    document = decode(_spelt(value, data), key_cells=True)
    keys = [cell for cell in _cells(document.batch) if cell[2] is CellKind.KEY]
    edits = {handle: Edit((Piece(0, len(text), text + "!"),)) for _, text, _, _, handle in keys}
    assert json.loads(document.encode(edits)) == _renamed(value)


def _renamed(value: Any) -> Any:
    match value:
        case dict():
            return {key + "!": _renamed(inner) for key, inner in value.items()}
        case list():
            return [_renamed(inner) for inner in value]
    return value


def test_key_columns_are_the_same_with_and_without_cells() -> None:
    """A finding in a key column keeps its column and value when cells are asked for."""
    body = b'[{"a": {"x": 1}}, {"b": 2, "a": {"y": 3}}]'
    plain, full = decode(body).batch, decode(body, key_cells=True).batch
    assert [(c.pointer, c.kind, c.values) for c in plain.columns] == [
        (c.pointer, c.kind, c.values) for c in full.columns
    ]
    key = next(c for c in full.columns if c.pointer == "key:/*")
    assert (key.values, key.rows, key.refs) == (["a", "b"], [0, 1, 1], [0, 0, 1])


def test_numbers_keep_their_lexical_form() -> None:
    """Big integers and trailing zeros are cells as spelt and pass unchanged."""
    body = b'{"a": 9007199254740993, "b": 1.10, "c": 1E+2, "d": "x"}'
    document = decode(body)
    texts = {column.name: column.values for column in document.batch.columns}
    assert texts["a"] == ["9007199254740993"]
    assert texts["b"] == ["1.10"]
    assert texts["c"] == ["1E+2"]
    (handle,) = next(c.handles for c in document.batch.columns if c.name == "d")
    assert document.encode({handle: REMOVE}) == body.replace(b'"x"', b"null")


def test_a_masked_number_becomes_a_string() -> None:
    """A masked number is quoted; a removed one is null."""
    document = decode(b"[13800138000, true, 7]")
    handles = [handle for *_, handle in _cells(document.batch)]
    by_text = {text: handle for _, text, _, _, handle in _cells(document.batch)}
    assert len(handles) == 3
    edits = {by_text["13800138000"]: Edit((Piece(3, 7, "****"),)), by_text["true"]: REMOVE}
    assert document.encode(edits) == b'["138****8000", null, 7]'


@pytest.mark.parametrize(
    ("new", "want"),
    [
        ("19000", b"19000"),
        ("-1.50e+3", b"-1.50e+3"),
        ("01", b'"01"'),
        ("NaN", b'"NaN"'),
        ("", b'""'),
    ],
)
def test_a_number_stays_a_number_where_it_still_is_one(new: str, want: bytes) -> None:
    """Rounded amounts keep the schema; a leading zero or a word makes a string."""
    assert decode(b"[18732.5]").encode({0: Edit((Piece(0, 7, new),))}) == b"[" + want + b"]"
    assert decode(b"[true]").encode({0: Edit((Piece(0, 4, "1"),))}) == b'["1"]'


def test_records_may_lie_inside_the_body() -> None:
    """Cells outside the records' array are shared by all records: row -1."""
    body = b'{"shop": "s", "data": {"items": [{"t": "x"}, {"t": "y"}], "n": [1]}}'
    batch = decode(body, records="/data/items").batch
    rows = {(pointer, text): row for pointer, text, _, row, _ in _cells(batch)}
    assert rows == {
        ("/shop", "s"): -1,
        ("/data/items/*/t", "x"): 0,
        ("/data/items/*/t", "y"): 1,
        ("/data/n/*", "1"): -1,
    }
    assert batch.records == 2


@pytest.mark.parametrize("body", [b'{"items": []}', b'{"x": 1}', b'{"items": {"a": 1}}', b"3"])
def test_without_the_array_the_body_is_one_record(body: bytes) -> None:
    """No cell is left without a record when the records' array is missing or empty."""
    batch = decode(body, records="/items").batch
    assert batch.records == 1
    assert {row for *_, row, _ in _cells(batch)} <= {0}


def test_prefix_leads_every_pointer() -> None:
    """Pointers and key pointers carry the prefix of the place the text came from."""
    batch = decode(b'{"a": [1]}', prefix="file:x").batch
    assert [column.pointer for column in batch.columns] == ["key:file:x", "file:x/a/*"]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "EOF"),
        (b"\xef\xbb\xbf{}", "expected value"),
        (b'{"a": 1, "a": 2}', "uplicate key"),
        (b'{"a": 1, "\\u0061": 2}', "uplicate key"),
        (b"[NaN]", "expected value"),
        (b"[-Infinity]", "invalid number"),
        (b'["\\ud800"]', "hex escape"),
        (b'["\\udc00 "]', "surrogate"),
        (b'["\xff"]', "unicode"),
        (b'["\xed\xa0\x80"]', "unicode"),
        (b'["\x00"]', "control character"),
        (b"[1,]", "trailing comma"),
        (b"[1] // x", "trailing characters"),
        (b"[01]", "invalid number"),
        (b"[" * 300 + b"]" * 300, "recursion"),
        (b'{"a":' * 250 + b"1" + b"}" * 250, "recursion"),
        (b"[" + b"1" * 5000 + b"]", "out of range"),
        ('["x"]'.encode("utf-16"), "expected value"),
    ],
)
def test_bodies_that_other_parsers_may_read_otherwise_are_refused(body: bytes, what: str) -> None:
    """Each ambiguity is refused with its place."""
    with pytest.raises(MalformedBody, match=what) as caught:
        decode(body)
    assert caught.value.where


def test_messages_hold_no_values() -> None:
    """A duplicate key is not quoted: it may be a person's name."""
    with pytest.raises(MalformedBody) as caught:
        decode('{"王小明": 1, "王小明": 2}'.encode())
    assert "王" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_structure_bombs_are_refused() -> None:
    """Too many distinct keys, and keys that would make pointers huge, are refused."""
    many = json.dumps({f"k{i}": 1 for i in range(MAX_PLACES + 1)}).encode()
    with pytest.raises(MalformedBody, match="different places"):
        decode(many)
    with pytest.raises(MalformedBody, match="pointer"):
        decode(json.dumps({"k" * (MAX_POINTER + 1): {"x": 1}}).encode())


@pytest.mark.parametrize("handle", [-1, 2, 99])
def test_an_unknown_handle_is_a_fault(handle: int) -> None:
    """An edit for a cell that is not there stops the export."""
    with pytest.raises(CodecFault):
        decode(b'["a", "b"]').encode({handle: REMOVE})


@pytest.mark.parametrize(
    "pieces", [(Piece(0, 9, ""),), (Piece(2, 1, ""),), (Piece(0, 2, ""), Piece(1, 3, ""))]
)
def test_a_span_that_does_not_fit_is_a_fault(pieces: tuple[Piece, ...]) -> None:
    """Spans past the end, reversed or overlapping stop the export."""
    with pytest.raises(CodecFault):
        decode(b'["abc"]').encode({0: Edit(pieces)})


def test_a_lone_surrogate_from_an_operator_is_a_fault() -> None:
    """Text that is no Unicode cannot be written."""
    with pytest.raises(CodecFault):
        decode(b'["abc"]').encode({0: Edit((Piece(0, 3, "\ud800"),))})


@pytest.mark.parametrize(("body", "handle"), [(b'["a", 1]', 0), (b'["a", 1]', 1)])
def test_a_body_that_is_not_the_decoded_one_is_a_fault(body: bytes, handle: int) -> None:
    """If the token count is not the walk's, nothing is written."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(walked, "_WALK", None)
        document = decode(body)
    document._body = b'["a", 1, "b"]'
    with pytest.raises(CodecFault, match="tokens"):
        document.encode({handle: REMOVE})
