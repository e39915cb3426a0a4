"""Long texts in pieces that an engine can take, and the pieces' mentions put together again.

A piece ends after a sentence or a line where one ends in its second half; where none does, the
next piece begins early enough to hold whole what the cut may have torn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from classifiers.text.model import Mention

LONGEST: Final = 240  # characters of a piece
OVERLAP: Final = 60  # characters that two pieces share where no sentence ends
_SAFE: Final = re.compile(r"[。！？；\n\r]+|[.!?;](?=\s)|[।။។]")


@dataclass(frozen=True, slots=True)
class Piece:
    """`text[start:end]`, standing for itself in a batch."""

    start: int
    end: int


def pieces(text: str) -> Iterator[Piece]:
    """Pieces that together cover the text."""
    start, size = 0, len(text)
    while size - start > LONGEST:
        cut, torn = _cut(text, start)
        yield Piece(start, cut)
        start = cut - OVERLAP if torn else cut
    if start < size or not size:
        yield Piece(start, size)


def _cut(text: str, start: int) -> tuple[int, bool]:
    """Where the piece from `start` ends, and whether that may tear a name."""
    end = start + LONGEST
    safe = [match.end() for match in _SAFE.finditer(text, start + LONGEST // 2, end)]
    return (safe[-1], False) if safe else (end, True)


def joined(parts: Sequence[tuple[Piece, Sequence[Mention]]]) -> list[Mention]:
    """The mentions of a whole text; of one kind, what overlaps is one mention."""
    moved = sorted(
        replace(mention, start=mention.start + piece.start, end=mention.end + piece.start)
        for piece, mentions in parts
        for mention in mentions
    )
    found: list[Mention] = []
    for mention in moved:
        last = found[-1] if found else None
        if last is None or last.end <= mention.start:
            found.append(mention)
        elif last.kind is mention.kind:
            found[-1] = replace(last, end=max(last.end, mention.end))
        elif mention.end - mention.start > last.end - last.start:
            found[-1] = mention
    return found
