"""The compiled functions give what their Python twins give, and decline what those refuse."""

from __future__ import annotations

import asyncio
import enum
import json
import os
import subprocess
import sys
from typing import Any

import msgspec
import pyarrow as pa
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit_log import compiled, entry, frames, searchable, tree
from audit_log.errors import BadEntry, InvalidEntry
from tests.audit_log.logs import Home, filled

HASH = st.binary(min_size=32, max_size=32)
KEYS = st.sampled_from(["a", "b", "seq", "kind", "", "sequel", "\x7f", '"', "\n", "é", "\ud83d"])
TEXTS = st.text(max_size=30) | st.sampled_from(
    [
        "\x00",
        "\x1f\b\t\n\f\r",
        '"\\/',
        "\u2028",
        "\U0001f600" * 9,
        "é" * 17,
        "a" * 8 + '"' + "b" * 7,
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=16,
)
HEADER = {"kind": "export", "node": "n", "released": True, "seq": 3, "ts_us": 9, "v": 1}
# Bytes that build near misses of a canonical entry.
WORDS = rb"""{ } [ ] , : "a" "a": "b": "b":1 - -0 0 01 1. 1e5 9007199254740991 9007199254740992 true
nul null "\u0000" "\u001F" "\u001f" "\u0008" "\b" "\/" "\"" "\\" {"a":1,"a":2} {"b":1,"a":2} {"a":1}
"""
ODD = (b" ", b"\n", b"\x00", b'"\x1f"', b'"\x7f"', b"\xc3\xa9", b'"\xc3\xa9"', b'"\xc0\x80"')
BAD_UTF8 = (b'"\xed\xa0\x80"', b'"\xff"', b'"\xf4\x90\x80\x80"', b'"\xc3"', b'"\xe0\x80\x80"')
NOISE = st.lists(st.sampled_from([*WORDS.split(), *ODD, *BAD_UTF8]), max_size=9).map(b"".join)
LIMIT = entry.MAX_ENTRY_BYTES
FIELDS = entry.HEADER_FIELDS
NAMES, KINDS, PLACES = searchable._ALL_NAMES, searchable._ALL_KINDS, searchable._PLACES
(ROWS,) = searchable.table([entry.encode(HEADER)]).to_batches()
PART = ROWS.select(["entry", "leaf"])
EMPTY = pa.record_batch([pa.nulls(1, field.type) for field in ROWS.schema], schema=ROWS.schema)

is_compiled = pytest.mark.skipif(
    not hasattr(compiled._EXTENSION, "leaf_hashes"),
    reason="no compiled functions on this machine, or no libcrypto for them",
)


@is_compiled
@given(st.lists(st.binary(max_size=200), max_size=9), HASH)
def test_hashes_are_equal(entries: list[bytes], head: bytes) -> None:
    """Leaves, chain, and the root over a power of two of them."""
    leaves = tree.leaf_hashes(entries)
    assert leaves == compiled.PURE["leaf_hashes"](entries) == tree.leaf_hashes(tuple(entries))
    assert frames.chain_next(head, leaves) == compiled.PURE["chain_next"](head, leaves)
    power = 1 << (len(leaves) + 1).bit_length() - 1
    hashes = b"".join([head, *leaves][:power])
    assert tree.perfect_root(hashes) == compiled.PURE["perfect_root"](hashes)


@is_compiled
@given(
    st.lists(st.tuples(st.binary(max_size=80), st.binary(max_size=9), TEXTS.map(str.encode))),
    st.integers(0, 2**53 - 1),
    st.integers(0, 2**53 - 1),
    HASH,
)
def test_groups_are_equal(drafts: list[entry.Parts], seq: int, ts_us: int, head: bytes) -> None:
    """Payload, leaves and chain head, and the payload holds the entries."""
    made = frames.compose(drafts, seq, ts_us, head)
    assert made == compiled.PURE["compose"](drafts, seq, ts_us, head)
    entries = [entry.stamp(parts, seq + at, ts_us) for at, parts in enumerate(drafts)]
    assert frames.split(made[0], 0, len(made[0]) - 32) == entries


@is_compiled
@given(st.lists(st.binary(max_size=40), max_size=5), st.integers(0, 9), st.data())
def test_cuts_are_equal(entries: list[bytes], before: int, data: st.DataObject) -> None:
    """Entries behind their lengths, whole, cut off anywhere, or with any byte changed."""
    whole = b"x" * before + b"".join(len(one).to_bytes(4) + one for one in entries)
    assert frames.split(whole, before, len(whole)) == entries
    end = data.draw(st.integers(before, len(whole)))
    changed = bytearray(whole)
    if whole:
        changed[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    for some in (whole, bytes(changed)):
        assert frames.split(some, before, end) == compiled.PURE["split"](some, before, end)


@is_compiled
@given(st.dictionaries(KEYS, VALUES, max_size=6) | st.lists(VALUES), st.integers(0, 33))
def test_the_profile_is_the_same(value: Any, depth: int) -> None:
    """Values of any kind, however deep they stand."""
    strange = [b"x", {1}, 1 + 2j, Colour.RED, {2: 3}, [(1, "x")], 2**53, -(2**70)]
    for one in (value, *([item] for item in strange)):
        assert entry.fits(one, depth) == compiled.PURE["fits"](one, depth)


LEAN = st.dictionaries(KEYS, st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS, max_size=6)
SOUND = {
    "kind": st.sampled_from(["export", "outcome", "shape", "note", "é"]),
    "released": st.booleans() | st.none(),
    "export": st.integers(0, 9) | st.none(),
    "shape": st.sampled_from(["ab", "", "é", None]),
    "rid": TEXTS | st.none(),
    "treatments": st.lists(st.fixed_dictionaries({"category": TEXTS}, optional={"z": VALUES})),
    "rows": st.lists(st.integers(0, 9)),
}
FIELD = st.sampled_from([name.decode() for name in entry._BODY_NAMES])


@is_compiled
@given(
    LEAN | st.dictionaries(KEYS, VALUES, max_size=6),
    st.fixed_dictionaries({}, optional=SOUND),
    st.dictionaries(FIELD, VALUES, max_size=1),
    TEXTS,
)
def test_drafts_are_equal(
    other: dict[str, Any], sound: dict[str, Any], odd: dict[str, Any], node: str
) -> None:
    """Parts and what the log goes by, or the same refusal."""
    strange = [b"x", Colour.RED, {2: 3}, [(1, "x")], 2**53, -(2**53) + 1, -(2**70), "\ud83d"]
    for more in ({}, odd, *({"x": value} for value in strange), {"kind": Colour.RED}):
        body = other | sound | more
        assert drafted(body, node) == drafted_slowly(body, node)


@is_compiled
@pytest.mark.parametrize("depth", [30, 31, 32, 33, 34])
def test_drafts_may_be_as_deep_long_and_wide(depth: int) -> None:
    """The limits are the same ones."""
    deep: Any = "x"
    for _ in range(depth):
        deep = [deep] if depth % 2 else {"a": deep}
    size = LIMIT - len(entry.stamp(entry.draft({"kind": "n", "x": ""}, node="n").parts, 0, 0)) - 30
    bodies = [{"x": deep}, *({"x": "y" * (size + more)} for more in range(-1, 3))]
    bodies += [{f"k{at}": at for at in range(count)} for count in (63, 64, 65, 300)]
    bodies += [{name: 1} for name in (*entry.STAMPED, "seq2", "n", "released", "rid")]
    bodies += [{"kind": "export", "released": value} for value in (True, False, None)]
    for body in bodies:
        assert drafted({"kind": "n"} | body, "n") == drafted_slowly({"kind": "n"} | body, "n")


def drafted(body: dict[str, Any], node: str) -> Any:
    try:
        return entry.draft(body, node=node)
    except InvalidEntry as error:
        return type(error), str(error)


def drafted_slowly(body: dict[str, Any], node: str) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entry, "set_down", compiled.PURE["set_down"])
        return drafted(body, node)


@is_compiled
def test_ordinary_drafts_are_set_down() -> None:
    """Or the speed would be lost; only the entry's own number and time are left out."""
    inner = {"seq": 1, "ts_us": 2, "v": 3}
    body = {"kind": "outcome", "a": [inner, "é\n", None, True], "export": 7, "status": "ü", "w": -1}
    body["treatments"] = [{"category": "c"}]
    limit = entry._MAX_PARTS
    found = entry.set_down(body, "n", entry._BODY_NAMES, entry._BODY_KINDS, limit)
    before = '{"a":[{"seq":1,"ts_us":2,"v":3},"é\\n",null,true],"export":7,"kind":"outcome",'
    before += '"node":"n","seq":'
    between = ',"status":"ü","treatments":[{"category":"c"}],"ts_us":'
    assert found == ((before.encode(), between.encode(), b',"v":1,"w":-1}'), False, 7, None)


class Colour(enum.StrEnum):
    RED = "red"


@is_compiled
@given(st.dictionaries(KEYS, VALUES, max_size=6) | NOISE)
def test_nothing_is_skimmed_that_is_not_canonical(value: dict[str, Any] | bytes) -> None:
    """What is taken is canonical by the Python twin, and its wanted members are all there."""
    if isinstance(value, dict):
        data = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        value = data.encode(errors="surrogatepass")
    skimmed = entry.skim([value, value], FIELDS, LIMIT)
    if skimmed is None:
        return
    assert entry.is_canonical(value)
    whole = msgspec.json.decode(value)
    wanted = {name: whole[name] for name in entry.Header.__struct_fields__ if name in whole}
    assert msgspec.json.decode(skimmed) == [wanted, wanted]


@is_compiled
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "seq", "sequel", "v"]), VALUES, min_size=1, max_size=4
    )
)
def test_ordinary_entries_are_not_declined(value: dict[str, Any]) -> None:
    """Or the speed would be lost: all that the profile allows with plain keys is taken."""
    try:
        data = entry.encode(value)
    except entry.InvalidEntry:
        return
    assert data == rfc8785.dumps(value)
    assert entry.skim([data], FIELDS, LIMIT) is not None or _has_unusual_keys(value)


def _has_unusual_keys(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_has_unusual_keys, value))
    if not isinstance(value, dict):
        return False
    return not {'"', "\n"}.isdisjoint(value) or any(map(_has_unusual_keys, value.values()))


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1.0}',
        b'{"a":-0}',
        b'{"a":9007199254740992}',
        b'{"a":"\\u00e9"}',
        b'{"a":"\\/"}',
        b'{"a":"\\u0009"}',
        b'{"a":"\\u001F"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":[1,]}',
        b'{"a":1}\n',
        b"[1]",
        b"1",
        b"",
        b"{",
        b'{"a":' + b"[" * 34 + b"]" * 34 + b"}",
        b'{"a":' + b"[" * 60_000,
        b'{"a":"' + b"x" * LIMIT + b'"}',
    ],
)
def test_other_forms_are_named(data: bytes) -> None:
    """Twice a key, another order, another spelling, a float, too deep, too long: by its place."""
    good = entry.encode(HEADER)
    assert len(entry.read_headers([good, good])) == 2
    with pytest.raises(BadEntry) as raised:
        entry.read_headers([good, data, good])
    assert raised.value.place == 1
    assert entry.skim([data], FIELDS, LIMIT) is None
    assert not entry.is_canonical(data)


@is_compiled
def test_names_that_begin_alike_are_told_apart() -> None:
    """A key that begins a wanted name, and one that begins with it."""
    data = b'{"en":0,"end":1,"ends":2,"se":3,"seq":4,"seqs":5,"v":6,"vv":7}'
    assert entry.skim([data], FIELDS, LIMIT) == b'[{"end":1,"seq":4,"v":6}]'


@is_compiled
@pytest.mark.parametrize("at", range(18))
def test_every_place_in_a_string_is_looked_at(at: int) -> None:
    """Strings are passed over eight bytes at a time; what is no plain byte shows anywhere."""
    for piece in (b"\\/", b"\x1f", b"\x00", b"\\u001F", b"\\x", b"\xff", b"\xc3", b'"'):
        data = b'{"a":"' + b"p" * at + piece + b"q" * 17 + b'"}'
        assert entry.skim([data], FIELDS, LIMIT) is None
        assert not entry.is_canonical(data)
    for piece in (b'\\"', b"\\\\", b"\\n", b"\\u001f", b"\x7f", b"\xc3\xa9"):
        data = b'{"a":"' + b"p" * at + piece + b"q" * 17 + b'"}'
        assert entry.skim([data], FIELDS, LIMIT) == b"[{}]"
        assert entry.is_canonical(data)


@is_compiled
@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda: tree.leaf_hashes(["text"]), TypeError),  # type: ignore[list-item]
        (lambda: frames.chain_next(b"short", []), ValueError),
        (lambda: frames.chain_next(b"x" * 32, [b"short"]), ValueError),
        (lambda: tree.perfect_root(b"x" * 96), ValueError),
        (lambda: tree.perfect_root(b""), ValueError),
        (lambda: frames.compose([], 0, 0, b"short"), ValueError),
        (lambda: frames.compose([(b"a", b"b")], 0, 0, b"x" * 32), TypeError),  # type: ignore[list-item]
        (lambda: frames.compose([(b"a", b"b", "c")], 0, 0, b"x" * 32), TypeError),  # type: ignore[list-item]
        (lambda: frames.split(b"x" * 9, 0, 10), ValueError),
        (lambda: frames.split(b"x" * 9, -1, 9), ValueError),
        (lambda: entry.set_down({}, "n", (b"a",), "", 9), ValueError),
        (lambda: entry.set_down({}, "n", ("a",), "s", 9), TypeError),  # type: ignore[arg-type]
        (lambda: entry.set_down({}, b"n", (b"a",), "s", 9), TypeError),  # type: ignore[arg-type]
        (lambda: entry.skim([b"{}"], ("a",), 9), TypeError),  # type: ignore[arg-type]
        (lambda: entry.skim([b"{}"], (b"a",) * 33, 9), ValueError),
        (lambda: entry.skim(["{}"], (b"a",), 9), TypeError),  # type: ignore[list-item]
        (lambda: searchable.examine(ROWS, ((b"a",), "s", PLACES), (0, 0), 9), ValueError),
        (lambda: searchable.examine(ROWS, ((b"a",), "", PLACES), (0, 0), 9), ValueError),
        (lambda: searchable.examine(ROWS, (NAMES, KINDS, PLACES[1:]), (0, 0), 9), ValueError),
        (
            lambda: searchable.examine(ROWS, (NAMES, KINDS, b"\xff" * len(NAMES)), (0, 0), 9),
            ValueError,
        ),
        (
            lambda: searchable.examine(ROWS, (NAMES, KINDS, bytes(len(NAMES))), (0, 0), 9),
            ValueError,
        ),
        (lambda: searchable.examine(PART, (NAMES, KINDS, PLACES), (0, 0), 9), ValueError),
        (lambda: searchable.examine(EMPTY, (NAMES, KINDS, PLACES), (0, 0), 9), ValueError),
        (lambda: searchable.examine({}, (NAMES, KINDS, PLACES), (0, 0), 9), AttributeError),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_raises(call: Any, fault: type[Exception]) -> None:
    """Wrong types and sizes; nothing outside the data is read."""
    with pytest.raises(fault):
        call()


async def test_verification_says_the_same_without_them(home: Home) -> None:
    """The report of a log read in Python alone is the report."""
    await filled(home, 700, group=9)
    program = (
        "import sys, json; from pathlib import Path; from audit_log import compiled;"
        "from audit_log.verify import verify; assert compiled._EXTENSION is None;"
        "print(json.dumps(verify(Path(sys.argv[1]), vkey=sys.argv[2]).as_dict()))"
    )
    command = [sys.executable, "-c", program, str(home.log), home.vkey]
    environment = os.environ | {"SILKGATE_PURE": "1"}
    done = await asyncio.to_thread(
        subprocess.run, command, check=True, capture_output=True, env=environment
    )
    assert json.loads(done.stdout) == json.loads(json.dumps(home.verify(state=None).as_dict()))
