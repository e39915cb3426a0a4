"""Packed keys hold what a list of entries holds."""

from __future__ import annotations

import tracemalloc
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.packed import PackedKeys
from tests.gateway.ledger.people import key

# Few bytes, so that keys begin alike, come again, and lie across two entries of their row.
keys = st.lists(st.sampled_from(b"\0\1"), min_size=3, max_size=3).map(
    lambda b: bytes(b) + bytes(13)
)
notes = st.lists(st.sampled_from(b"\0\1"), min_size=2, max_size=2).map(bytes)


@given(st.lists(st.tuples(keys, notes)), st.lists(keys, unique=True))
def test_entries_are_found_by_their_keys_and_taken_by_first_byte(
    entries: list[tuple[bytes, bytes]], asked: list[bytes]
) -> None:
    packed = PackedKeys(2)
    packed.add(entries[:3])
    packed.add(entries[3:])
    assert len(packed) == len(entries)
    found = list(packed.find(asked))
    assert found == [entry for each in asked for entry in entries if entry[0] == each]
    assert packed.take(0) == sorted(entry for entry in entries if entry[0][0] == 0)
    assert len(packed) == sum(entry[0][0] == 1 for entry in entries)
    assert not [entry for entry in packed.find(asked) if entry[0][0] == 0]
    assert packed.take(1) == sorted(entry for entry in entries if entry[0][0] == 1)


def test_they_take_hardly_more_than_their_bytes() -> None:
    source = Random(7)
    entries = [(key(source.random()), bytes(2)) for _ in range(50_000)]
    tracemalloc.start()
    packed = PackedKeys(2)
    packed.add(entries)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(packed) == len(entries)
    assert size < 60 * len(entries)  # a dict alone takes more, without the objects in it
