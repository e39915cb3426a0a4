"""One engine over many texts: in pieces, in groups, in time, or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from classifiers.model import DetectionIncomplete
from classifiers.text.engines import LazyEngine
from classifiers.text.model import Mention
from classifiers.text.pieces import Piece, joined, pieces

_GROUP_CHARACTERS: Final = 6_000  # between two looks at the clock: a quarter of a second or less


def read(
    engine: LazyEngine, texts: Sequence[str], deadline: float | None
) -> Iterator[tuple[str, list[Mention]]]:
    """Every text with its mentions.

    Raises `DetectionIncomplete` past `deadline` (`time.monotonic`) or when the engine fails.
    """
    parts: dict[str, list[tuple[Piece, list[Mention]]]] = {text: [] for text in texts}
    todo = [(text, piece) for text in texts for piece in pieces(text)]
    for group in _groups(todo):
        if deadline is not None and time.monotonic() > deadline:
            raise DetectionIncomplete("reading text did not finish within the deadline")
        try:
            found = engine.mentions([text[piece.start : piece.end] for text, piece in group])
        except Exception as error:
            raise DetectionIncomplete(f"{engine.name} failed: {type(error).__name__}") from error
        for (text, piece), mentions in zip(group, found, strict=True):
            named = [replace(mention, reader=engine.name) for mention in mentions]
            parts[text].append((piece, named))
    for text, mentioned in parts.items():
        yield text, joined(mentioned)


def _groups(todo: Sequence[tuple[str, Piece]]) -> Iterator[list[tuple[str, Piece]]]:
    group: list[tuple[str, Piece]] = []
    size = 0
    for text, piece in todo:
        group.append((text, piece))
        size += piece.end - piece.start
        if size >= _GROUP_CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group
