"""Cutting a stream into groups."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import TooLarge
from gateway.streams.groups import Cut
from gateway.streams.lines import LINES as FRAMING
from gateway.streams.lines import LineCutter, records

LINES = st.lists(st.sampled_from([b"{}", b"", b" \t\r", b'{"a":1}', b"x" * 9]), max_size=30)


def cut(body: bytes, sizes: Sequence[int] = (), *, lines: int = 4, size: int = 40) -> list[Cut]:
    cutter = LineCutter(lines=lines, size=size)
    found: list[Cut] = []
    for length in sizes:
        found += cutter.feed(body[:length])
        body = body[length:]
    return [*found, *cutter.feed(body), *cutter.finish()]


@given(LINES, st.lists(st.integers(0, 20), max_size=20), st.booleans())
def test_groups_do_not_depend_on_how_bytes_arrive(
    lines: list[bytes], sizes: list[int], ended: bool
) -> None:
    """Any chunking gives the same groups, and the groups are the stream."""
    body = b"\n".join(lines) + (b"\n" if ended else b"")
    groups = cut(body, sizes)
    assert groups == cut(body)
    assert b"".join(group.body for group in groups) == body


@given(LINES)
def test_groups_are_whole_lines_within_their_limits(lines: list[bytes]) -> None:
    """At most so many lines and bytes; numbers go on from group to group."""
    body = b"\n".join(lines)
    line = record = 0
    for number, group in enumerate(cut(body)):
        assert group.body.count(b"\n") <= 4
        assert len(group.body) <= 40
        assert (group.number, group.first_record) == (number, record)
        assert group.start == (f"line {line + 1} of the stream" if line else "")
        assert group.records == len(records(group.body))
        line += group.body.count(b"\n")
        record += group.records
    assert record == sum(bool(text.strip()) for text in lines)


@pytest.mark.parametrize("body", [b"x" * 41, b"x" * 41 + b"\n", b"{}\n" + b"x" * 41])
def test_a_line_over_the_limit_is_refused(body: bytes) -> None:
    """With a line end or without; the message holds no text of it."""
    with pytest.raises(TooLarge, match="over 40 bytes") as caught:
        cut(body)
    assert "xx" not in str(caught.value)


def test_a_line_of_exactly_the_limit_passes() -> None:
    """Its line end counts."""
    assert [group.body for group in cut(b"x" * 39 + b"\n" + b"y" * 40)] == [
        b"x" * 39 + b"\n",
        b"y" * 40,
    ]


@given(LINES, st.data())
def test_parting_loses_no_line(lines: list[bytes], data: st.DataObject) -> None:
    """What leaves and what stays are the lines, in their order; blank ones leave."""
    body = b"\n".join(lines)
    count = len(records(body))
    held = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    leaving, staying = FRAMING.parted(body, held)
    flags = iter(held)
    kinds = [bool(line.strip(b" \t\r")) and next(flags) for line in body.split(b"\n")]
    pairs = list(zip(body.split(b"\n"), kinds, strict=True))
    assert staying == [line for line, stays in pairs if stays]
    assert leaving == b"\n".join(line for line, stays in pairs if not stays)


def test_an_empty_stream_is_one_empty_group() -> None:
    """So that its head is decided on."""
    assert cut(b"") == [Cut(0, 0, 0, b"", 0)]
