"""Text -> token numbers, as Baidu LAC's vocabulary has them.

A token is a word of the model's own dictionary, a run of Latin letters and digits, or one
character. A text is cut into the fewest words; of two equal cuts the one with the longer first
word wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ahocorasick_rs import AhoCorasick

from classifiers.text.lexicon import Table

_UNKNOWN: Final = "OOV"
Span = tuple[int, int]


class Tokenizer:
    """The dictionary and vocabulary of a model. Immutable."""

    def __init__(self, numbers: Table, forms: Mapping[str, str], words: Sequence[str]) -> None:
        """`numbers` of the vocabulary, `forms` that fold characters, `words` of the dictionary."""
        self._numbers: Final = numbers
        self._forms: Final = forms
        self._unknown: Final = numbers.get(_UNKNOWN) or ""
        self._words: Final = AhoCorasick([word for word in words if len(word) > 1])

    def __call__(self, text: str) -> tuple[list[int], list[Span]]:
        """Token numbers and the span of each."""
        numbers, spans = [], []
        for start, end in self._cut(text):
            pieces = [(start, end)]
            if end > start + 1 and text[start:end] not in self._numbers:
                pieces = [(index, index + 1) for index in range(start, end)]
            for low, high in pieces:
                piece = text[low:high]
                piece = self._forms.get(piece, piece)
                numbers.append(int(self._numbers.get(piece) or self._unknown))
                spans.append((low, high))
        return numbers, spans

    def _cut(self, text: str) -> Iterator[Span]:
        """The words, with neighbouring single Latin letters and digits glued together."""
        glued = -1
        for start, end in self._fewest(text):
            if end == start + 1 and text[start].isascii() and text[start].isalnum():
                glued = start if glued < 0 else glued
                continue
            if glued >= 0:
                yield glued, start
                glued = -1
            yield start, end
        if glued >= 0:
            yield glued, len(text)

    def _fewest(self, text: str) -> Iterator[Span]:
        size = len(text)
        ends: list[list[int]] = [[] for _ in range(size)]
        for _, start, end in self._words.find_matches_as_indexes(text, overlapping=True):
            ends[start].append(end)
        count, step = [0] * (size + 1), [0] * size
        for start in range(size - 1, -1, -1):
            best, to = count[start + 1] + 1, start + 1
            for end in ends[start]:
                if count[end] + 1 <= best:
                    best, to = count[end] + 1, end
            count[start], step[start] = best, to
        start = 0
        while start < size:
            yield start, step[start]
            start = step[start]
