"""Cutting a table into groups of rows: nothing lost, nothing written twice, quotes respected."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs.registry import decoder_for
from gateway.errors import TooLarge, Unprocessable
from gateway.streams.groups import Cut
from gateway.streams.rows import RowCutter, Rows, header

UTF8 = Rows(charset="utf-8", delimiter="")
CELLS = st.text(alphabet='a,"\n\r 王\ufeff|;', max_size=6)


def written(rows: Sequence[Sequence[str]], end: str = "\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode()


def cut(
    body: bytes, sizes: Sequence[int] = (), *, rows: int = 3, size: int = 400, framing: Rows = UTF8
) -> list[Cut]:
    cutter = RowCutter(framing, rows=rows, size=size)
    found: list[Cut] = []
    for length in sizes:
        found += cutter.feed(body[:length])
        body = body[length:]
    return [*found, *cutter.feed(body), *cutter.finish()]


TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=12).map(
        lambda rows: [[f"c{i}" for i in range(width)], *rows]
    )
)


@given(TABLES, st.lists(st.integers(0, 20), max_size=20), st.sampled_from(["\n", "\r\n"]))
def test_groups_are_tables_that_make_the_whole(
    rows: list[list[str]], sizes: list[int], end: str
) -> None:
    """Any chunking gives the same groups; each decodes by itself; joined they are the input."""
    body = written(rows, end)
    groups = cut(body, sizes)
    assert groups == cut(body)
    assert b"".join(UTF8.written(group.body, group) for group in groups) == body
    assert sum(group.size for group in groups) == len(body)
    first = 0
    for group in groups:
        batch = decoder_for("text/csv")(group.body).batch
        assert (batch.records, group.first_record) == (group.records, first)
        assert group.records <= 3
        first += group.records
    assert first == decoder_for("text/csv")(body).batch.records


@given(TABLES, st.data())
def test_parting_keeps_every_record_once(rows: list[list[str]], data: st.DataObject) -> None:
    """What leaves and what stays are tables under the same header."""
    body = written(rows)
    decode = decoder_for("text/csv")
    held = data.draw(
        st.lists(st.booleans(), min_size=len(rows) - 1, max_size=len(rows) - 1), label="held"
    )
    leaving, staying = UTF8.parted(body, held)
    assert decode(leaving).batch.records == held.count(False)
    assert [decode(each).batch.records for each in staying] == [1] * held.count(True)
    tail = len(rows[0]) and written(rows[:1])
    assert all(each.startswith(tail) for each in [leaving, *staying])


def test_an_interrupted_table_goes_on_where_it_was() -> None:
    """Under the header read again."""
    body = written([["a", "b"], *[[str(n), "x"] for n in range(10)]])
    groups = cut(body)
    cutter = RowCutter(UTF8, rows=3, size=400)
    head = header([body[:2], body[2:]])
    cutter.resume(head, groups=2, records=6)
    done = groups[0].size + groups[1].size
    assert [*cutter.feed(body[done:]), *cutter.finish()] == groups[2:]


def test_rows_in_gb18030_are_cut_at_real_line_ends() -> None:
    """A bar as the second byte of a character separates nothing."""
    framing = Rows(charset="gb18030", delimiter="")
    body = "姓名,备注\n瓅,丂\n王,李\n".encode("gb18030")
    (group,) = cut(body, framing=framing)
    assert group.records == 2


@pytest.mark.parametrize("body", [b"a\n" + b"x" * 401, b'a\n"' + b"\n" * 401, b'"' + b"a" * 401])
def test_a_row_over_the_limit_is_refused(body: bytes) -> None:
    """An open quote does not make the gateway wait for ever."""
    with pytest.raises(TooLarge, match="over 400 bytes"):
        cut(body)


def test_a_header_that_was_changed_is_refused() -> None:
    """It stands once for all groups."""
    (group,) = cut(b"a,b\n1,2\n")
    with pytest.raises(Unprocessable, match="rename the column"):
        UTF8.written(b"x,b\n1,2\n", group)
    assert UTF8.written(b"a,b\n1,9\n", replace(group, number=1)) == b"1,9\n"


def test_a_table_without_rows_is_one_group() -> None:
    """Its header is data too."""
    assert [group.body for group in cut(b"a,b\n")] == [b"a,b\n"]
    assert [group.body for group in cut(b"")] == [b""]
