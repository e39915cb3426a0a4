"""Frames: whole ones read back, torn ones end the reading, none can be faked by an entry."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audit_log import entry, frames
from audit_log.tree import leaf_hash

ENTRIES = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5)


def encode(groups: list[list[bytes]]) -> bytes:
    head = frames.chain_start("log.example/a")
    data = b""
    for group in groups:
        head = frames.chain_next(head, [leaf_hash(one) for one in group])
        data += frames.encode(frames.payload(group, head))
    return data


@given(st.lists(ENTRIES, max_size=4))
def test_groups_read_back(groups: list[list[bytes]]) -> None:
    """Entries come back in their groups, and the last frame ends with the file."""
    data = encode(groups)
    found = list(frames.frames(data))
    assert [list(frame.entries) for frame in found] == groups
    assert (found[-1].end if found else 0) == len(data)


def test_every_cut_leaves_whole_frames_only() -> None:
    """Cut anywhere, the frames before the cut are read and the torn one is not."""
    groups = [[b"one"], [b"two", b"three"], [b"four"]]
    data = encode(groups)
    ends = [frame.end for frame in frames.frames(data)]
    for cut in range(len(data)):
        whole = [end for end in ends if end <= cut]
        assert [frame.end for frame in frames.frames(data[:cut])] == whole
        assert not frames.holds_frame(data[whole[-1] if whole else 0 : cut])


def test_every_flip_is_seen() -> None:
    """A flipped bit makes its frame unreadable, and the frames behind it show."""
    data = encode([[b"one"], [b"two", b"three"]])
    (first, _) = frames.frames(data)
    for at in range(first.end):
        for bit in range(8):
            flipped = data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]
            assert list(frames.frames(flipped)) == []
            assert frames.holds_frame(flipped)


def test_an_entry_cannot_hold_a_frame() -> None:
    """Canonical JSON has no NUL byte, so no text can pass for a frame."""
    inner = encode([[b"one"]])
    body = {"kind": "test", "text": inner.decode("latin-1")}
    made = entry.stamp(entry.draft(body, node="n").parts, 0, 0)
    assert not frames.holds_frame(made)
    raw = inner.decode("utf-8", "surrogateescape").encode("utf-8", "surrogateescape")
    assert frames.holds_frame(b"x" + raw)


def test_the_chain_depends_on_origin_and_order() -> None:
    """Another log or another order gives another head."""
    leaves = [leaf_hash(b"a"), leaf_hash(b"b")]
    head = frames.chain_next(frames.chain_start("x"), leaves)
    assert head != frames.chain_next(frames.chain_start("y"), leaves)
    assert head != frames.chain_next(frames.chain_start("x"), leaves[::-1])
    assert head == frames.chain_next(
        frames.chain_next(frames.chain_start("x"), leaves[:1]), leaves[1:]
    )
