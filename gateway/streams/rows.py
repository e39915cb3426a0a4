"""CSV and TSV in groups of whole rows, each under the table's header.

A row ends with a line end outside quotes (RFC 4180 §2). In UTF-8 and GB 18030 the bytes of quotes
and line ends are never part of another character, so rows are cut without decoding them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from gateway.codecs.csv import single_column
from gateway.errors import TooLarge, Unprocessable
from gateway.streams.groups import GROUP_BYTES, GROUP_RECORDS, Cut

_MARKS: Final = re.compile(rb'["\n]')
HEADER_TREATED: Final = (
    "the policy wants the name of a column treated, which stands once for all rows of the table; "
    "rename the column"
)


class RowCutter:
    """Takes chunks, gives groups."""

    def __init__(
        self, framing: Rows, *, rows: int = GROUP_RECORDS, size: int = GROUP_BYTES
    ) -> None:
        self._framing, self._rows, self._size = framing, rows, size
        self._buffer = bytearray()
        self._ends: list[int] = []  # of the rows in the buffer
        self._looked, self._quoted = 0, False  # up to where, and whether inside quotes
        self._head: bytes | None = None
        self._number, self._record = 0, 0

    def resume(self, head: bytes, *, groups: int, records: int) -> None:
        """Go on behind what an earlier run has done, under the header `head`."""
        self._head, self._number, self._record = head, groups, records

    def feed(self, chunk: bytes) -> Iterator[Cut]:
        """The groups that are complete with `chunk`. Raises `TooLarge`."""
        self._buffer += chunk
        self._look()
        if self._head is None and self._ends:
            self._take_head(self._ends[0])
        while self._head is not None and (count := self._complete()):
            yield self._cut(count)
        if self._head is None and len(self._buffer) > self._size:
            raise self._too_long()

    def finish(self) -> Iterator[Cut]:
        """What is left when no more comes; a last row needs no line end. Raises `TooLarge`."""
        if self._head is None:
            self._take_head(len(self._buffer))
        if self._buffer and (not self._ends or self._ends[-1] < len(self._buffer)):
            self._ends.append(len(self._buffer))
        while count := self._complete():
            yield self._cut(count)
        if self._buffer or not self._number:  # a table without rows still has a header
            yield self._cut(len(self._ends))

    def _look(self) -> None:
        for mark in _MARKS.finditer(self._buffer, self._looked):
            if mark[0] == b'"':
                self._quoted = not self._quoted
            elif not self._quoted:
                self._ends.append(mark.end())
        self._looked = len(self._buffer)

    def _take_head(self, end: int) -> None:
        self._head = bytes(self._buffer[:end])
        self._drop(end)

    def _complete(self) -> int:
        """How many rows the first group in the buffer has; 0 while that is open."""
        ends = self._ends
        if len(ends) >= self._rows and ends[self._rows - 1] <= self._size:
            return self._rows
        if len(self._buffer) <= self._size:
            return 0
        fitting = sum(1 for end in ends[: self._rows] if end <= self._size)
        if not fitting:
            raise self._too_long()
        return fitting

    def _cut(self, count: int) -> Cut:
        end = self._ends[count - 1] if count else 0
        head = self._head or b""
        table = bytes(self._buffer[:end])
        self._drop(end)
        body = head + table
        size = len(body) if self._number == 0 else len(table)
        records = self._framing.records(body)
        start = f"record {self._record} of the table" if self._number else ""
        made = Cut(self._number, self._record, records, body, size, head, start)
        self._number += 1
        self._record += records
        return made

    def _drop(self, end: int) -> None:
        del self._buffer[:end]
        self._looked -= end
        self._ends = [each - end for each in self._ends if each > end]

    def _too_long(self) -> TooLarge:
        return TooLarge(f"record {self._record} or one soon after is over {self._size} bytes")


class Rows:
    """The framing of CSV and TSV: the header stands before the first group only."""

    def __init__(self, *, charset: str, delimiter: str) -> None:
        """`delimiter` is "" where the header tells it."""
        self._charset, self._delimiter = charset, delimiter

    def records(self, body: bytes) -> int:
        """How many rows of a group are records; blank lines are none."""
        head, *table = rows(body) or [b""]
        return sum(self._is_record(row, head) for row in table)

    def parted(self, body: bytes, held: Sequence[bool]) -> tuple[bytes, list[bytes]]:
        """See `Framing`; what is held is a table of one row, and blank lines leave."""
        head, *table = rows(body) or [b""]
        leaving, staying = [head], []
        stays = iter(held)
        for row in table:
            if self._is_record(row, head) and next(stays):
                staying.append(head + row)
            else:
                leaving.append(row)
        return b"".join(leaving), staying

    def joined(self, bodies: Sequence[bytes]) -> bytes:
        """Their rows under one header."""
        head = rows(bodies[0])[0]
        table = [body[len(head) :] for body in bodies]
        ended = [row if row.endswith(b"\n") else row + b"\n" for row in table[:-1]]
        return head + b"".join([*ended, table[-1]])

    def written(self, body: bytes, cut: Cut) -> bytes:
        """All of the first group, of the others what stands below the header."""
        if not body.startswith(cut.head):
            raise Unprocessable(HEADER_TREATED)
        return body if cut.number == 0 else body[len(cut.head) :]

    def _is_record(self, row: bytes, head: bytes) -> bool:
        if row.strip(b"\r\n"):
            return True
        return single_column(head.decode(self._charset, "replace"), self._delimiter)


def header(chunks: Iterable[bytes]) -> bytes:
    """The first row of the table that arrives in `chunks`, with its line end."""
    read = bytearray()
    for chunk in chunks:
        read += chunk
        first = next(iter(rows(bytes(read))), b"")
        if len(first) < len(read) or len(read) > GROUP_BYTES:
            return first
    return bytes(read)


def rows(table: bytes) -> list[bytes]:
    """The rows of a table with their line ends."""
    ends, quoted = [0], False
    for mark in _MARKS.finditer(table):
        if mark[0] == b'"':
            quoted = not quoted
        elif not quoted:
            ends.append(mark.end())
    if ends[-1] < len(table):
        ends.append(len(table))
    return [table[start:end] for start, end in pairwise(ends)]
