"""Entries: the profile, its limits, and canonical bytes against an independent canonicalizer."""

from __future__ import annotations

import enum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit_log import entry
from audit_log.errors import EntryTooLarge, InvalidEntry

KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
FREE_KEYS = KEYS.filter(lambda key: key not in entry.Row.__struct_fields__)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_bytes_are_those_of_rfc_8785(value: dict[str, Any]) -> None:
    """Within the profile our bytes equal an independent RFC 8785 implementation's."""
    assert entry.encode(value) == rfc8785.dumps(value)


@given(st.dictionaries(FREE_KEYS, VALUES, max_size=6))
def test_a_stamped_entry_is_canonical(body: dict[str, Any]) -> None:
    """Stamping keeps the canonical form and adds exactly the four fields."""
    body = {**body, "kind": "test"}
    data = entry.stamp(entry.draft(body, node="n").parts, 7, 9)
    whole = {**body, "v": 1, "seq": 7, "ts_us": 9, "node": "n"}
    assert data == rfc8785.dumps(whole)
    assert entry.decode(data) == whole


class Colour(enum.StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        2**53,
        -(2**53),
        b"bytes",
        {1: "x"},
        {"é": 1},
        "\ud800",
        {1, 2},
        object(),
        [[1.0]],
        {"a": {"b": 2**60}},
    ],
)
def test_what_the_profile_leaves_out_is_refused(value: Any) -> None:
    """Floats, big integers, non-ASCII keys, lone surrogates, other types."""
    with pytest.raises(InvalidEntry):
        entry.draft({"kind": "test", "value": value}, node="n")


def test_an_enumeration_of_strings_is_a_string() -> None:
    """Verdicts and levels can be given as they are."""
    assert entry.encode({"c": Colour.RED}) == b'{"c":"red"}'


def test_nesting_is_bounded() -> None:
    """A deep entry is refused, not a crash."""
    value: Any = 1
    for _ in range(5000):
        value = [value]
    with pytest.raises(InvalidEntry):
        entry.draft({"kind": "test", "value": value}, node="n")


@pytest.mark.parametrize("body", [{}, {"kind": ""}, {"kind": 3}, {"kind": "shape"}])
def test_a_kind_is_needed(body: dict[str, Any]) -> None:
    """No kind, no entry; a shape names its digest."""
    with pytest.raises(InvalidEntry):
        entry.draft(body, node="n")


@pytest.mark.parametrize("key", sorted(entry.STAMPED))
def test_the_stamp_cannot_be_given(key: str) -> None:
    """A caller cannot choose sequence, time, node or version."""
    with pytest.raises(InvalidEntry):
        entry.draft({"kind": "test", key: 1}, node="n")


def test_the_size_limit_is_exact() -> None:
    """65,535 bytes with the longest stamp pass, one more does not."""

    def longest(made: entry.Draft) -> int:
        return len(entry.stamp(made.parts, entry.MAX_INTEGER, entry.MAX_INTEGER))

    room = entry.MAX_ENTRY_BYTES - longest(entry.draft({"kind": "test", "pad": ""}, node="n"))
    fits = entry.draft({"kind": "test", "pad": "x" * room}, node="n")
    assert longest(fits) == entry.MAX_ENTRY_BYTES
    with pytest.raises(EntryTooLarge):
        entry.draft({"kind": "test", "pad": "x" * (room + 1)}, node="n")


def test_messages_hold_no_values() -> None:
    """An error names the place and never what stands there."""
    with pytest.raises(InvalidEntry) as caught:
        entry.draft({"kind": "test", "a": {"phone": ["13800138000", 1.5]}}, node="n")
    assert "/a/phone/1" in str(caught.value)
    assert "13800138000" not in str(caught.value)


def test_a_draft_is_a_snapshot() -> None:
    """What the caller does to the body afterwards does not reach the log."""
    body = {"kind": "test", "items": [1]}
    made = entry.draft(body, node="n")
    body["items"].append(2)  # type: ignore[attr-defined]
    assert entry.decode(entry.stamp(made.parts, 0, 0))["items"] == [1]


@pytest.mark.parametrize(
    "field",
    [{"released": "yes"}, {"export": "3"}, {"status": 200}, {"route": 1}, {"treatments": ["x"]}],
)
def test_fields_that_the_log_reads_have_their_type(field: dict[str, Any]) -> None:
    """A wrong type is refused before it can reach the log's own reading."""
    with pytest.raises(InvalidEntry):
        entry.draft({"kind": "export", **field}, node="n")
