"""Files of many records: by their ending, how they are cut into groups and put together again."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from gateway.streams.groups import Cut, Cutter, Framing
from gateway.streams.journal import Done
from gateway.streams.lines import LINES, LineCutter
from gateway.streams.rows import RowCutter, Rows, header

_CHUNK: Final = 1024 * 1024
_ARROW: Final = "application/vnd.apache.arrow.stream"
_DELIMITERS: Final = {"text/csv": "", "text/tab-separated-values": "\t"}  # "": the header tells


class GroupedFile(Protocol):
    """One input file."""

    @property
    def media(self) -> str:
        """The media type of each group's body."""
        ...

    @property
    def framing(self) -> Framing:
        """How records stand in groups, and groups in the output."""
        ...

    def cuts(self, behind: Done) -> Iterator[Cut]:
        """The groups behind those that an earlier run has done. Raises a `GatewayError`."""
        ...

    def assembled(self, part: Path) -> Path:
        """The whole output, made of the groups in `part`. Raises `CannotDecide`."""
        ...


@dataclass(frozen=True)
class LinesFile:
    """JSON Lines."""

    source: Path
    media: str = "application/x-ndjson"
    framing: Framing = LINES

    def cuts(self, behind: Done) -> Iterator[Cut]:
        """See `GroupedFile`."""
        cutter = LineCutter()
        with self.source.open("rb") as file:
            if behind.entry >= 0:
                lines = sum(chunk.count(b"\n") for chunk in chunks(file, behind.input_bytes))
                cutter.skip(groups=behind.group + 1, lines=lines, records=behind.records)
            yield from _cut(cutter, file)

    def assembled(self, part: Path) -> Path:
        """The part itself."""
        return part


@dataclass(frozen=True)
class RowsFile:
    """CSV or TSV, in UTF-8 or else in GB 18030."""

    source: Path
    table: str  # its media type, without the charset

    @cached_property
    def charset(self) -> str:
        """What the whole file can be read as."""
        with self.source.open("rb") as file:
            return _charset(chunks(file))

    @property
    def media(self) -> str:
        """See `GroupedFile`."""
        return f"{self.table}; charset={self.charset}"

    @cached_property
    def framing(self) -> Rows:
        """See `GroupedFile`."""
        return Rows(charset=self.charset, delimiter=_DELIMITERS[self.table])

    def cuts(self, behind: Done) -> Iterator[Cut]:
        """See `GroupedFile`."""
        cutter = RowCutter(self.framing)
        with self.source.open("rb") as file:
            if behind.entry >= 0:
                head = header(chunks(file))
                cutter.resume(head, groups=behind.group + 1, records=behind.records)
                file.seek(behind.input_bytes)
            yield from _cut(cutter, file)

    def assembled(self, part: Path) -> Path:
        """The part itself."""
        return part


@dataclass(frozen=True)
class TableFile:
    """Parquet or Arrow; pyarrow is loaded when there is one."""

    source: Path
    media: str = _ARROW

    @cached_property
    def _batches(self) -> Any:
        return import_module("gateway.streams.batches")

    @property
    def framing(self) -> Framing:
        """See `GroupedFile`."""
        framing: Framing = self._batches.BATCHES
        return framing

    def cuts(self, behind: Done) -> Iterator[Cut]:
        """See `GroupedFile`."""
        found: Iterator[Cut] = self._batches.cuts(self.source, behind.group + 1, behind.records)
        return found

    def assembled(self, part: Path) -> Path:
        """A file of the input's kind beside the part; the part is no longer needed."""
        whole = part.with_name(f"{part.name}-whole")
        try:
            self._batches.assemble(part, self.source, whole)
        except BaseException:
            whole.unlink(missing_ok=True)
            raise
        return whole


def grouped(source: Path) -> GroupedFile:
    """The file `source`, whose ending is one of `SUFFIXES`."""
    match source.suffix.lower():
        case ".csv":
            return RowsFile(source, "text/csv")
        case ".tsv":
            return RowsFile(source, "text/tab-separated-values")
        case ".arrow" | ".arrows" | ".feather" | ".parquet":
            return TableFile(source)
        case _:
            return LinesFile(source)


def framing_of(media: str, bodies: Sequence[bytes]) -> tuple[str, Framing]:
    """Content type and framing of `bodies` that were taken out of groups of `media`."""
    if media == _ARROW:
        batches: Framing = import_module("gateway.streams.batches").BATCHES
        return media, batches
    if media in _DELIMITERS:
        charset = _charset(bodies)
        rows = Rows(charset=charset, delimiter=_DELIMITERS[media])
        return f"{media}; charset={charset}", rows
    return media, LINES


SUFFIXES: Final = (".arrow", ".arrows", ".csv", ".feather", ".jsonl", ".ndjson", ".parquet", ".tsv")


def _charset(chunks: Iterable[bytes]) -> str:
    """UTF-8 if all of it can be read so, else GB 18030."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks:
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _cut(cutter: Cutter, file: BinaryIO) -> Iterator[Cut]:
    for chunk in chunks(file):
        yield from cutter.feed(chunk)
    yield from cutter.finish()


def chunks(file: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    """The next `size` bytes of `file`, or all the rest, piece by piece."""
    left = size
    while chunk := file.read(_CHUNK if left is None else min(_CHUNK, left)):
        yield chunk
        if left is not None:
            left -= len(chunk)
