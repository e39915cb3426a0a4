"""Turn stand-ins in an answer back into what they stand for, for the caller who sent it.

What stands for what is known only in memory and only for one request: an answer cannot restore
another caller's values, and keys are not used, so there is no oracle to ask. In JSON a value is
restored only in fields of the names it was sent in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, AhoCorasick, BytesAhoCorasick

from classifiers.model import CellKind
from gateway.codecs.json import decode, quoted
from gateway.codecs.model import Edit, Piece
from gateway.treatment.stand_ins import StandIn


def restore_json(body: bytes, stand_ins: Mapping[str, StandIn]) -> tuple[bytes, int]:
    """A JSON answer with stand-ins turned back, and how many. Raises `MalformedBody`."""
    if not stand_ins:
        return body, 0
    document = decode(body)
    texts = list(stand_ins)
    seen = AhoCorasick(texts, matchkind=MATCHKIND_LEFTMOST_LONGEST)
    edits: dict[int, Edit] = {}
    count = 0
    for column in document.batch.columns:
        if column.kind is not CellKind.TEXT:
            continue
        new: dict[int, Edit] = {}
        for value, text in enumerate(column.values):
            pieces = tuple(
                Piece(start, end, stand_ins[texts[which]].original)
                for which, start, end in seen.find_matches_as_indexes(text)
                if column.name in stand_ins[texts[which]].names
            )
            if pieces:
                new[value] = Edit(pieces)
        for value, handle in zip(column.refs, column.handles, strict=True):
            if value in new:
                edits[handle] = new[value]
                count += len(new[value].pieces)
    return document.encode(edits), count


def plain(text: str) -> bytes:
    """A restored text in plain text."""
    return text.encode()


def in_json_string(text: str) -> bytes:
    """A restored text inside a JSON string, as in the data of server-sent events."""
    return quoted(text).encode()


class StreamRestorer:
    """Turns stand-ins back in a byte stream, also where they are split over chunks.

    Only what may be the beginning of a stand-in is held back. A stream has no fields, so policy
    must have allowed the whole answer; a stand-in split over two server-sent events stays.
    """

    def __init__(
        self, stand_ins: Mapping[str, StandIn], write: Callable[[str], bytes] = plain
    ) -> None:
        """`write` spells a restored text as the stream needs it."""
        tokens = [write(text) for text in stand_ins]
        self._originals = [write(each.original) for each in stand_ins.values()]
        self._seen = (
            BytesAhoCorasick(tokens, matchkind=MATCHKIND_LEFTMOST_LONGEST) if tokens else None
        )
        self._beginnings = {token[:n] for token in tokens for n in range(1, len(token))}
        self._longest = max(map(len, tokens), default=1) - 1
        self._held = b""
        self.count = 0

    def feed(self, chunk: bytes) -> bytes:
        """What can be passed on after one more `chunk`."""
        data = self._held + chunk
        cut = len(data) - self._open(data)
        out, at = [], 0
        for which, start, end in self._matches(data):
            if start >= cut:
                break
            out += [data[at:start], self._originals[which]]
            at = end
            self.count += 1
        cut = max(cut, at)
        out.append(data[at:cut])
        self._held = data[cut:]
        return b"".join(out)

    def finish(self) -> bytes:
        """The rest, when the stream has ended."""
        data, self._held = self._held, b""
        out, at = [], 0
        for which, start, end in self._matches(data):
            out += [data[at:start], self._originals[which]]
            at = end
            self.count += 1
        return b"".join([*out, data[at:]])

    def _matches(self, data: bytes) -> list[tuple[int, int, int]]:
        return self._seen.find_matches_as_indexes(data) if self._seen else []

    def _open(self, data: bytes) -> int:
        """The length of the longest end of `data` that some stand-in begins with."""
        for length in range(min(self._longest, len(data)), 0, -1):
            if data[-length:] in self._beginnings:
                return length
        return 0
