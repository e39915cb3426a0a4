"""Turn stand-ins in an answer back into what they stand for, for the caller who sent it.

What stands for what is known only in memory and only for one request: an answer cannot restore
another caller's values, and keys are not used, so there is no oracle to ask. A value is restored
only in fields of the names it was sent in; plain text is a field without a name.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, AhoCorasick

from classifiers.model import CellKind, Column
from gateway.codecs.json import decode
from gateway.codecs.model import Edit, MalformedBody, Piece, splice
from gateway.treatment.stand_ins import StandIn

MAX_WHOLE_BYTES: Final = 16 * 1024 * 1024  # of a JSON answer, or a line, that is read whole
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")
_WORD: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


class Restorer(Protocol):
    """Turns an answer back as its bytes arrive."""

    def feed(self, chunk: bytes) -> bytes:
        """What can be passed on after one more `chunk`."""
        ...

    def finish(self) -> bytes:
        """The rest, when the answer has ended."""
        ...


class Matcher:
    """Finds the stand-ins of one request. `count` is what was turned back, by category."""

    def __init__(
        self, stand_ins: Mapping[str, StandIn], take: Callable[[], bool] = lambda: True
    ) -> None:
        """`take` is asked for each value, and says no where the quota is used up."""
        self._texts = sorted(stand_ins)
        self._stand_ins = stand_ins
        self._seen = AhoCorasick(self._texts, matchkind=MATCHKIND_LEFTMOST_LONGEST)
        self._longest = max(map(len, self._texts), default=0)
        self._take = take
        self.names = frozenset(name for each in stand_ins.values() for name in each.names)
        self.count: Counter[str] = Counter()
        self.limited = False

    def pieces(self, text: str, name: str) -> tuple[Piece, ...]:
        """What is turned back in the whole `text` of a field `name`."""
        return self.pieces_before(len(text), text, name)[0]

    def pieces_before(
        self, cut: int, text: str, name: str, before: str = ""
    ) -> tuple[tuple[Piece, ...], int]:
        """What is turned back of what begins before `cut`, and where the rest begins.

        `before` is what stands just before `text`. A stand-in within a longer word is none.
        """
        found = []
        searched = _SURROGATES.sub("\ufffd", text)  # bytes that are no UTF-8, see `TextRestorer`
        for which, start, end in self._seen.find_matches_as_indexes(searched):
            if start >= cut:
                break
            cut = max(cut, end)
            each = self._stand_ins[self._texts[which]]
            left = text[start - 1] if start else before
            if (
                name in each.names
                and not _joined(left, text[start])
                and not _joined(text[end - 1], text[end : end + 1])
                and self._may()
            ):
                found.append(Piece(start, end, each.original))
                self.count[each.category] += 1
        return tuple(found), cut

    def open_from(self, text: str) -> int:
        """Where the longest end of `text` starts that may yet be, or become, a stand-in."""
        for start in range(max(len(text) - self._longest, 0), len(text)):
            end = text[start:]
            at = bisect_left(self._texts, end)
            if at < len(self._texts) and self._texts[at].startswith(end):
                return start
        return len(text)

    def _may(self) -> bool:
        self.limited = self.limited or not self._take()
        return not self.limited


def _joined(left: str, right: str) -> bool:
    """Whether a word or number goes on from one character to the next."""
    return left in _WORD and right in _WORD


class Flow:
    """A text that arrives piece by piece; only what may be the beginning of a stand-in waits."""

    def __init__(self, matcher: Matcher, name: str) -> None:
        self._matcher, self._name = matcher, name
        self._before = self.held = ""

    def feed(self, text: str) -> str:
        """What can be passed on."""
        data = self.held + text
        return self._out(data, self._matcher.open_from(data))

    def finish(self) -> str:
        """The rest."""
        return self._out(self.held, len(self.held))

    def _out(self, data: str, cut: int) -> str:
        pieces, cut = self._matcher.pieces_before(cut, data, self._name, self._before)
        ready, self.held = data[:cut], data[cut:]
        self._before = ready[-1:] or self._before
        return "".join(splice(ready, Edit(pieces)))


class TextRestorer:
    """Plain text in UTF-8; bytes that are none pass as they are."""

    def __init__(self, matcher: Matcher) -> None:
        self._flow = Flow(matcher, "")
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def feed(self, chunk: bytes) -> bytes:
        """See `Restorer`."""
        return _bytes(self._flow.feed(self._decoder.decode(chunk)))

    def finish(self) -> bytes:
        """See `Restorer`."""
        return _bytes(self._flow.feed(self._decoder.decode(b"", final=True)) + self._flow.finish())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


class JsonRestorer:
    """One JSON text, read whole; one that is no JSON or too large passes as it is."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._body: bytearray | None = bytearray()

    def feed(self, chunk: bytes) -> bytes:
        """See `Restorer`."""
        if self._body is None:
            return chunk
        self._body += chunk
        if len(self._body) <= MAX_WHOLE_BYTES:
            return b""
        passed, self._body = bytes(self._body), None
        return passed

    def finish(self) -> bytes:
        """See `Restorer`."""
        return restore_json(bytes(self._body or b""), self._matcher)


class LinesRestorer:
    """JSON texts, one a line."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._line = b""

    def feed(self, chunk: bytes) -> bytes:
        """See `Restorer`."""
        *lines, self._line = (self._line + chunk).split(b"\n")
        out = b"".join(restore_json(line, self._matcher) + b"\n" for line in lines)
        if len(self._line) > MAX_WHOLE_BYTES:
            out, self._line = out + self._line, b""
        return out

    def finish(self) -> bytes:
        """See `Restorer`."""
        return restore_json(self._line, self._matcher)


def restore_json(body: bytes, matcher: Matcher) -> bytes:
    """A JSON text with stand-ins turned back; anything else as it is."""
    try:
        document = decode(body)
    except MalformedBody:
        return body
    return document.encode(
        {
            handle: change
            for column in document.batch.columns
            for handle, change in _turned(column, matcher).items()
        }
    )


def _turned(column: Column, matcher: Matcher) -> dict[int, Edit]:
    """The edits of a column; a number only where all of it is a stand-in."""
    if column.name not in matcher.names or column.kind not in (CellKind.TEXT, CellKind.NUMBER):
        return {}
    edits = {}
    for ref, handle in zip(column.refs, column.handles, strict=True):
        text = column.values[ref]
        pieces = matcher.pieces(text, column.name)
        if pieces and (column.kind is CellKind.TEXT or pieces[0][:2] == (0, len(text))):
            edits[handle] = Edit(pieces)
    return edits
