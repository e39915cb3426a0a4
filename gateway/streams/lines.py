"""JSON Lines in groups of whole lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gateway.errors import TooLarge
from gateway.streams.groups import GROUP_BYTES, GROUP_RECORDS, Cut

_NEWLINE: Final = b"\n"
_BLANK: Final = b" \t\r"


MEDIA: Final = frozenset({"application/jsonl", "application/x-ndjson"})


def is_stream(content_type: str) -> bool:
    """Whether bodies of this media type are streams of lines, one record each."""
    return content_type.partition(";")[0].strip(" \t").lower() in MEDIA


class LineCutter:
    """Takes chunks, gives groups. Blank lines are no records."""

    def __init__(self, *, lines: int = GROUP_RECORDS, size: int = GROUP_BYTES) -> None:
        self._lines, self._size = lines, size
        self._buffer = bytearray()
        self._number, self._line, self._record = 0, 1, 0

    def skip(self, *, groups: int, lines: int, records: int) -> None:
        """Go on counting behind what an earlier run has done."""
        self._number, self._line, self._record = groups, 1 + lines, records

    def feed(self, chunk: bytes) -> Iterator[Cut]:
        """The groups that are complete with `chunk`. Raises `TooLarge`."""
        self._buffer += chunk
        while (end := self._end()) is not None:
            yield self._cut(end)

    def finish(self) -> Iterator[Cut]:
        """What is left when no more comes; a last line needs no line end. Raises `TooLarge`."""
        if len(self._buffer) > self._size:  # its last line ends without a newline, past the limit
            raise self._too_long()
        if self._buffer or not self._number:  # an empty stream still has a head to decide on
            yield self._cut(len(self._buffer))

    def _end(self) -> int | None:
        """Where the first group in the buffer ends; None while that is open."""
        end = self._nth_newline()
        if end is not None and end <= self._size:
            return end
        if len(self._buffer) <= self._size:
            return None
        end = self._buffer.rfind(_NEWLINE, 0, self._size) + 1
        if not end:
            raise self._too_long()
        return end

    def _nth_newline(self) -> int | None:
        if self._buffer.count(_NEWLINE) < self._lines:
            return None
        at = -1
        for _ in range(self._lines):
            at = self._buffer.index(_NEWLINE, at + 1)
        return at + 1

    def _cut(self, end: int) -> Cut:
        body = bytes(self._buffer[:end])
        del self._buffer[:end]
        made = Cut(
            self._number,
            self._record,
            len(records(body)),
            body,
            len(body),
            start=f"line {self._line} of the stream" if self._line > 1 else "",
        )
        self._number += 1
        self._line += body.count(_NEWLINE)
        self._record += made.records
        return made

    def _too_long(self) -> TooLarge:
        return TooLarge(f"line {self._line} or one soon after is over {self._size} bytes")


def records(body: bytes) -> list[bytes]:
    """The lines that are records, without their line ends."""
    return [line for line in body.split(_NEWLINE) if line.strip(_BLANK)]


class Lines:
    """The framing of JSON Lines: nothing stands between groups."""

    def parted(self, body: bytes, held: Sequence[bool]) -> tuple[bytes, list[bytes]]:
        """See `Framing`; blank lines leave."""
        leaving: list[bytes] = []
        staying: list[bytes] = []
        stays = iter(held)
        for line in body.split(_NEWLINE):
            is_record = bool(line.strip(_BLANK))
            (staying if is_record and next(stays) else leaving).append(line)
        return _NEWLINE.join(leaving), staying

    def joined(self, bodies: Sequence[bytes]) -> bytes:
        """Each on a line."""
        return b"".join(body + _NEWLINE for body in bodies)

    def written(self, body: bytes, cut: Cut) -> bytes:
        """All of it."""
        del cut
        return body


LINES: Final = Lines()
