"""A person named once is a person wherever the name stands again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

from classifiers.text.model import Kind, Mention

_DENSE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3·]{3,12}")
_WORD: Final = r"[^\W\d_]+(?:['’.-][^\W\d_]+){0,3}\.?"
_SPACED: Final = re.compile(f"{_WORD}(?: {_WORD}){{1,5}}")
_LONGEST: Final = 60  # characters of a name
READER: Final = "text.people"
VERSION: Final = "1"
_MOST: Final = 20_000  # names looked for in one batch


class People:
    """Full names known from a batch: three characters of a dense script, or two words."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the full ones among `names`."""
        full = [name for name in dict.fromkeys(names) if _is_full(name)][:_MOST]
        self._finder: Final = (
            AhoCorasick(full, matchkind=MatchKind.LeftmostLongest) if full else None
        )

    def complete(self, text: str, mentions: Sequence[Mention]) -> list[Mention]:
        """`mentions` and every other place where a known person is named, by start."""
        if self._finder is None:
            return list(mentions)
        found = list(mentions)
        for _, start, end in self._finder.find_matches_as_indexes(text):
            taken = any(old.start < end and start < old.end for old in mentions)
            if not taken and _stands_alone(text, start, end):
                found.append(Mention(start, end, Kind.PERSON, reader=READER))
        return sorted(found)


def _is_full(name: str) -> bool:
    if len(name) > _LONGEST:
        return False
    return bool(_DENSE.fullmatch(name) or _SPACED.fullmatch(name))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no letter of an alphabet touches the span."""
    if not text[start].isascii():
        return True
    return not (text[max(start - 1, 0) : start].isalnum() or text[end : end + 1].isalnum())
