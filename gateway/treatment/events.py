"""Server-sent events (WHATWG HTML §9.2) turned back, also where a stand-in is split over events.

A language model's answer comes a few letters at a time: what a field of one event leaves open is
put before the same field of the next. The field is the same where its pointer is, and the numbers
named `index` in the event. When an event of these numbers comes without the field, or one that is
no JSON, what is still held goes out first, in a copy of the last event that had the field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from classifiers.model import CellKind
from gateway.codecs.json import decode
from gateway.codecs.model import Document, Edit, MalformedBody, Piece
from gateway.treatment.restore import MAX_WHOLE_BYTES, Flow, Matcher

_END: Final = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_DATA: Final = re.compile(rb"(?m)^data:[ ]?([^\r\n]*)")
_INDEX: Final = "index"

_Where = tuple[tuple[str, str], ...]  # the numbers named `index`, with their pointers
_Cell = tuple[str, int]  # pointer, and which of the cells there


@dataclass(slots=True)
class _Open:
    """A field whose text goes on from event to event, and the last event that had it."""

    flow: Flow
    event: _Event


@dataclass(frozen=True, slots=True)
class _Event:
    """An event whose data is one JSON text. `cells`: handle and text of the fields it may turn."""

    raw: bytes
    start: int  # of the data within `raw`
    end: int
    document: Document
    where: _Where
    cells: Mapping[_Cell, tuple[int, str, str]]  # handle, text, name

    def written(self, texts: Mapping[_Cell, str]) -> bytes:
        """The event with other texts in its fields."""
        edits = {
            handle: Edit((Piece(0, len(text), texts[cell]),))
            for cell, (handle, text, _) in self.cells.items()
            if texts[cell] != text
        }
        return self.raw[: self.start] + self.document.encode(edits) + self.raw[self.end :]


class EventRestorer:
    """See `gateway.treatment.restore.Restorer`."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._buffer = b""
        self._open: dict[tuple[_Where, _Cell], _Open] = {}

    def feed(self, chunk: bytes) -> bytes:
        """What can be passed on: whole events."""
        self._buffer += chunk
        out, at = [], 0
        for found in _END.finditer(self._buffer):
            out.append(self._event(self._buffer[at : found.end()]))
            at = found.end()
        self._buffer = self._buffer[at:]
        if len(self._buffer) > MAX_WHOLE_BYTES:
            out.append(self._buffer)
            self._buffer = b""
        return b"".join(out)

    def finish(self) -> bytes:
        """What is held, and the rest as it is: an event without its end is none."""
        return self._closed() + self._buffer

    def _event(self, raw: bytes) -> bytes:
        event = self._read(raw)
        if event is None:
            return self._closed() + raw if _DATA.search(raw) else raw
        texts = {}
        for cell, (_, text, name) in event.cells.items():
            at = event.where, cell
            if at not in self._open:
                self._open[at] = _Open(Flow(self._matcher, name), event)
            self._open[at].event = event
            texts[cell] = self._open[at].flow.feed(text)
        ended = [at for at in self._open if at[0] == event.where and at[1] not in event.cells]
        return b"".join(map(self._close, ended)) + event.written(texts)

    def _read(self, raw: bytes) -> _Event | None:
        """The event, None where its data is not one line of JSON."""
        data = list(_DATA.finditer(raw))
        if len(data) != 1:
            return None
        try:
            document = decode(data[0][1])
        except MalformedBody:
            return None
        where: list[tuple[str, str]] = []
        cells: dict[_Cell, tuple[int, str, str]] = {}
        for column in document.batch.columns:
            for number, (ref, handle) in enumerate(zip(column.refs, column.handles, strict=True)):
                text = column.values[ref]
                if column.kind is CellKind.NUMBER and column.name == _INDEX:
                    where.append((column.pointer, text))
                elif column.kind is CellKind.TEXT and column.name in self._matcher.names:
                    cells[column.pointer, number] = handle, text, column.name
        return _Event(raw, *data[0].span(1), document, tuple(where), cells)

    def _closed(self) -> bytes:
        """All that is held."""
        return b"".join([self._close(at) for at in list(self._open)])

    def _close(self, at: tuple[_Where, _Cell]) -> bytes:
        """What is held of one field, as an event of its own."""
        ended = self._open.pop(at)
        rest = ended.flow.finish()
        return (
            ended.event.written(dict.fromkeys(ended.event.cells, "") | {at[1]: rest})
            if rest
            else b""
        )
