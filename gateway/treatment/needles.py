"""Treated texts looked for elsewhere: which are worth looking for, and where they stand.

A treated text is a needle if meeting it by chance is unlikely. What that takes depends on the
script: an ideograph says more than a letter, a letter more than a digit.

- digits: six or more, at least three different ones;
- ideographs, kana, Hangul: two or more, not all the same;
- other letters: eight or more with four different ones, or five if digits, spaces or `@` are
  among them; so `test` is no needle, `Li Na` is none, `P12345` is one.

A needle is strong if nobody else is likely to have the same: an e-mail address, eight or more
digits that are no date, twelve or more ideographs. Strong needles are looked for in all records,
weak ones (a name, a date) only in the records in which they were treated.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation

from classifiers.canonical import Canonical, canonical, unusual

_WIDE: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_IDEOGRAPHS: Final = re.compile(f"[{_WIDE}]")
_TWO_IDEOGRAPHS: Final = re.compile(f"[{_WIDE}][^{_WIDE}]*[{_WIDE}]")
_FIVE_LETTERS: Final = re.compile(r"[A-Za-z]{5}")
_LETTERS: Final = re.compile(r"[A-Za-z]")
_FEW: Final = 12  # needles that are looked for one by one, sooner than an automaton is built
_DIGITS: Final = re.compile(r"[0-9]")
_DATE: Final = re.compile(
    r"(?:18|19|20)[0-9]{2}\D?(?:0?[1-9]|1[0-2])\D?[0-3]?[0-9](?!\d).*", re.DOTALL
)
_BOUNDARY: Final = "\n"
_AS_IT_STANDS: Final = Canonical("", None)


def is_needle(text: str) -> bool:
    """Whether a canonical `text` is unlikely to stand somewhere by chance."""
    if text.isdigit():
        return len(text) >= 6 and len(set(text)) >= 3
    kinds = len(set(text))
    ascii_only = text.isascii()
    if kinds >= 2 and not ascii_only and _TWO_IDEOGRAPHS.search(text):
        return True
    if kinds >= 4 and "@" in text and _FIVE_LETTERS.search(text):
        return True  # an e-mail address, most likely: no need to count
    figures = _DIGITS.findall(text)
    letters = len(_LETTERS.findall(text)) if ascii_only else sum(map(str.isalpha, text))
    if not letters:
        return len(figures) >= 6 and len(set(figures)) >= 3
    mixed = bool(figures) or " " in text or "@" in text
    return kinds >= 4 and letters + len(figures) >= (5 if mixed else 8)


def is_strong(text: str) -> bool:
    """Whether a needle hardly belongs to two persons."""
    if "@" in text:
        return True
    if len(text) < 8 or _DATE.fullmatch(text):
        return False
    if text.isascii() and text.isdigit():
        return True
    return len(_DIGITS.findall(text)) >= 8 or len(_IDEOGRAPHS.findall(text)) >= 12


class Needles:
    """A set of canonical texts, to be found in many others at once."""

    def __init__(self, texts: Sequence[str]) -> None:
        """`texts` are distinct needles."""
        self.texts = texts
        # The kind that is built soonest: it is run over one body, twice.
        self._automaton = (
            AhoCorasick(list(texts), implementation=Implementation.NoncontiguousNFA)
            if len(texts) > _FEW
            else None
        )

    def hits(self, columns: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, int, int, int]]:
        """(column, value, start, end, needle) for each whole-token occurrence, by code points.

        Occurrences may overlap. A token goes on where a digit meets a digit or a Latin letter a
        Latin letter. One pass over all `columns`.
        """
        values = list(chain.from_iterable(columns)) if self.texts else []
        forms = {index: canonical(values[index]) for index in unusual(values)}
        for index, form in forms.items():
            values[index] = form.text
        joined = _BOUNDARY.join(values)
        found = list(self._occurrences(joined))
        if not found:
            return
        ends = list(accumulate([len(text) + 1 for text in values]))
        firsts = list(accumulate(map(len, columns), initial=0))
        for needle, start, end in found:
            number = bisect_right(ends, start)
            first = ends[number] - len(values[number]) - 1
            if end < ends[number] and _whole(joined, start, end):
                column = bisect_right(firsts, number) - 1
                form = forms.get(number, _AS_IT_STANDS)
                yield (
                    column,
                    number - firsts[column],
                    *form.span(start - first, end - first),
                    needle,
                )

    def _occurrences(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(needle, start, end) wherever one stands in `text`."""
        if self._automaton is not None:
            yield from self._automaton.find_matches_as_indexes(text, overlapping=True)
            return
        for number, needle in enumerate(self.texts):
            start = text.find(needle)
            while start >= 0:
                yield number, start, start + len(needle)
                start = text.find(needle, start + 1)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no token of `text` is cut at `start` or `end`."""
    return not (
        (start > 0 and _joined(text[start - 1], text[start]))
        or (end < len(text) and _joined(text[end - 1], text[end]))
    )


def _joined(left: str, right: str) -> bool:
    if left.isdigit() or right.isdigit():
        return left.isdigit() and right.isdigit()
    return left.isalpha() and right.isalpha() and not _IDEOGRAPHS.search(left + right)
