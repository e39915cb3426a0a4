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
from itertools import accumulate
from typing import Final

from ahocorasick_rs import AhoCorasick

from classifiers.canonical import canonical

_WIDE: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_IDEOGRAPHS: Final = re.compile(f"[{_WIDE}]")
_DIGITS: Final = re.compile(r"[0-9]")
_DATE: Final = re.compile(
    r"(?:18|19|20)[0-9]{2}\D?(?:0?[1-9]|1[0-2])\D?[0-3]?[0-9](?!\d).*", re.DOTALL
)
_BOUNDARY: Final = "\n"


def is_needle(text: str) -> bool:
    """Whether a canonical `text` is unlikely to stand somewhere by chance."""
    if text.isdigit():
        return len(text) >= 6 and len(set(text)) >= 3
    kinds = len(set(text))
    wide = len(_IDEOGRAPHS.findall(text))
    digits = len(_DIGITS.findall(text))
    if wide >= 2 and kinds >= 2:
        return True
    letters = sum(map(str.isalpha, text))
    if not letters:
        return digits >= 6 and len(set(_DIGITS.findall(text))) >= 3
    mixed = bool(digits) or " " in text or "@" in text
    return kinds >= 4 and letters + digits >= (5 if mixed else 8)


def is_strong(text: str) -> bool:
    """Whether a needle hardly belongs to two persons."""
    if "@" in text:
        return True
    if _DATE.fullmatch(text):
        return False
    return len(_DIGITS.findall(text)) >= 8 or len(_IDEOGRAPHS.findall(text)) >= 12


class Needles:
    """A set of canonical texts, to be found in many others at once."""

    def __init__(self, texts: Sequence[str]) -> None:
        """`texts` are distinct needles."""
        self.texts = texts
        self._automaton = AhoCorasick(list(texts)) if texts else None

    def hits(self, columns: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, int, int, int]]:
        """(column, value, start, end, needle) for each whole-token occurrence, by code points.

        Occurrences may overlap. A token goes on where a digit meets a digit or a Latin letter a
        Latin letter. One pass over all `columns`.
        """
        if self._automaton is None:
            return
        forms = [canonical(value) for values in columns for value in values]
        ends = list(accumulate(len(form.text) + 1 for form in forms))
        firsts = list(accumulate(map(len, columns), initial=0))
        joined = _BOUNDARY.join(form.text for form in forms)
        for needle, start, end in self._automaton.find_matches_as_indexes(joined, overlapping=True):
            number = bisect_right(ends, start)
            first = ends[number] - len(forms[number].text) - 1
            if end < ends[number] and _whole(joined, start, end):
                column = bisect_right(firsts, number) - 1
                span = forms[number].span(start - first, end - first)
                yield column, number - firsts[column], *span, needle


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
