"""Word lists, and where their words stand in a text.

A lexicon file is xz-compressed UTF-8: one line a class, a letter, a tab and its words separated
by spaces (`\u00a0` stands for a space within a word).
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from itertools import accumulate
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

ABSENT: Final = "-"


def read_lexicon(name: str) -> Mapping[str, Sequence[str]]:
    """Class letter -> words of `data/<name>.lexicon.xz`."""
    data = files("classifiers.text").joinpath(f"data/{name}.lexicon.xz").read_bytes()
    return parse_lexicon(data)


def parse_lexicon(data: bytes) -> Mapping[str, Sequence[str]]:
    """Class letter -> words of the bytes of a lexicon file."""
    rows = (line.split("\t") for line in lzma.decompress(data).decode().splitlines())
    return {
        letter: [word.replace("\u00a0", " ") for word in text.split(" ") if word]
        for letter, text in rows
    }


def pack_lexicon(classes: Mapping[str, Sequence[str]]) -> bytes:
    """The bytes of a lexicon file: classes and words in order, so equal lists give equal bytes."""
    rows = (
        f"{letter}\t{' '.join(sorted(word.replace(' ', chr(0xA0)) for word in set(words)))}"
        for letter, words in sorted(classes.items())
    )
    return lzma.compress("\n".join(rows).encode(), preset=9)


class Table:
    """Words, each with a short text, in an eighth of the memory that a dict of texts takes.

    Words that share a hash stand behind each other in one string, which is searched: a look-up
    takes a few hundred nanoseconds.
    """

    def __init__(self, entries: Iterable[Sequence[str]], count: int) -> None:
        """Take `count` words with their texts, no word twice. No tab or line break is in them."""
        self._rows: Final = [""] * (count // _A_ROW + 1)
        for word, text in entries:
            self._rows[hash(word) % len(self._rows)] += f"\n{word}\t{text}"

    def __contains__(self, word: str) -> bool:
        """Whether it is one of the words."""
        row = self._rows[hash(word) % len(self._rows)]
        return f"\n{word}\t" in row and "\n" not in word

    def get(self, word: str) -> str | None:
        """The text of a word; None where it is none."""
        row = self._rows[hash(word) % len(self._rows)]
        start = row.find(f"\n{word}\t") + len(word) + 2
        if start < len(word) + 2 or "\n" in word:
            return None
        end = row.find("\n", start)
        return row[start:] if end < 0 else row[start:end]


_A_ROW: Final = 16  # words, about


class Marks:
    """Marks every unit of a text by the longest listed words that cover it, left to right."""

    def __init__(self, classes: Mapping[str, Sequence[str]], *, words: bool) -> None:
        """Compile the lists, each class on its own; `words` tells words from characters."""
        self._fence: Final = _FENCE if words else ""
        self._finders: Final = [
            AhoCorasick(
                [self._glue(word.split() if words else word) for word in listed],
                matchkind=MatchKind.LeftmostLongest,
            )
            for _, listed in sorted(classes.items())
        ]

    def __call__(self, units: Sequence[str]) -> list[str]:
        """One string a unit, one letter a class: B, I, E, S (an entry of one unit), or `-`."""
        text = self._glue(units)
        width = 2 * len(self._fence)
        starts = accumulate((len(unit) + width for unit in units), initial=0)
        number = {start: index for index, start in enumerate(starts)}
        rows = []
        for finder in self._finders:
            row = [ABSENT] * len(units)
            for _, low, high in finder.find_matches_as_indexes(text):
                start, end = number[low], number[high]
                row[start:end] = "S" if end - start == 1 else f"B{'I' * (end - start - 2)}E"
            rows.append(row)
        return ["".join(marks) for marks in zip(*rows, strict=True)]

    def _glue(self, units: Sequence[str]) -> str:
        return "".join(f"{self._fence}{unit}{self._fence}" for unit in units)


_FENCE: Final = "\x1f"  # around words, so that no entry ends within one
