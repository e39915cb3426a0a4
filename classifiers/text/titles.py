"""Names by titles, labels and lists of given names, for scripts that have no model here.

Arabic, Cyrillic, Devanagari, Ethiopic, Khmer, Lao and Burmese texts are read by these rules: what
stands after a title (Mr, doctor, minister) or a label (name:), and known given names with the
names beside them. They miss who is named by a rare name with no title; docs/text-engines.md says
how many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from classifiers.text.model import Kind, Mention

_LETTERS: Final[Mapping[str, str]] = {
    "ru": "\u0400-\u052f",
    "ar": "\u0621-\u065f\u0670-\u06d3\u06fa-\u06ff\u200c",
    "hi": "\u0900-\u0963\u0970-\u097f",
    "am": "\u1200-\u135f/",
    "my": "\u1000-\u1049\u1050-\u109f",
    "km": "\u1780-\u17d3",
    "lo": "\u0e81-\u0ede",
}
_UNSPACED: Final = frozenset({"my", "km", "lo"})  # words are not spaced: a name ends at a space
_MOST_WORDS: Final = 4
_LONGEST: Final = 40  # characters of a name in a script without spaces
# Endings of family names that adjectives and nouns seldom have.
_SURNAME: Final = re.compile(
    "[\u0410-\u042f\u0401].{2,}(?:ов|ев|ёв|ин|ын|ова|ева|енко|дзе|швили|ян|ович|евич|овна|евна"
    "|улы|ұлы|кызы|қызы|ову|евой|овой)"
)
_CAPITAL: Final = re.compile(
    "[\u0410-\u042f\u0401\u0400-\u040f\u04d8\u0492\u049a\u04a2\u04e8\u04b0\u04ae\u04ba\u0406]"
)
_CASE: Final = 2  # letters that a case may add to a Russian name


@cache
def given_names() -> frozenset[str]:
    """Usual given names in Latin script that are hardly anything else, in small letters."""
    return read_lists("en")["given"]


@dataclass(frozen=True, slots=True)
class _Words:
    titles: frozenset[str]
    labels: frozenset[str]
    given: frozenset[str]
    no_names: frozenset[str]


def read_lists(language: str) -> dict[str, frozenset[str]]:
    """Kind -> words of a language in `data/titles.txt`."""
    data = files("classifiers.text").joinpath("data/titles.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in data.splitlines())
    return {
        kind: frozenset(word.replace("_", " ") for word in words)
        for tag, kind, *words in (row for row in rows if row)
        if tag == language
    }


def _read(language: str) -> _Words:
    lists, empty = read_lists(language), frozenset[str]()
    return _Words(*(lists.get(kind, empty) for kind in ("titles", "labels", "given", "no_names")))


class TitleEngine:
    """The rules of one script. Immutable."""

    def __init__(self, language: str) -> None:
        """Read its lists. Raises `KeyError` for a language that has none."""
        letters = _LETTERS[language]
        self._words: Final = _read(language)
        self._russian: Final = language == "ru"
        self._unspaced: Final = language in _UNSPACED
        self._word: Final = re.compile(f"[{letters}]+(?:[-'’][{letters}]+)*\\.?")
        leads = sorted(self._words.titles | self._words.labels, key=len, reverse=True)
        run = f"[{letters}]" if self._unspaced else f"[{letters}-]"
        self._lead: Final = re.compile(
            f"(?<![{letters}])(?P<lead>{'|'.join(map(re.escape, leads))})"
            f"(?:[.:：፡៖]|(?![{letters}]){'|' if self._unspaced else ''})[ :：፡៖.]*(?={run})",
            re.IGNORECASE,
        )

    def mentions(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The persons of each text."""
        return [self._apart(self._found(text)) for text in texts]

    def _found(self, text: str) -> Iterator[Mention]:
        for lead in self._lead.finditer(text):
            end = self._name_end(text, lead.end())
            if end > lead.end():
                yield Mention(lead.end(), end, Kind.PERSON, 0.8)
        if not self._unspaced:
            yield from self._by_name(text)

    def _name_end(self, text: str, start: int) -> int:
        """Where the name that begins at `start` ends; `start` where none does."""
        if self._unspaced:
            return self._run_end(text, start)
        end = start
        for _ in range(_MOST_WORDS):
            word = self._word.match(text, end + (end > start and text[end : end + 1] == " "))
            if word is None or not self._may_be_name(word[0], first=end == start):
                break
            end = word.end()
            if word[0].endswith(".") and len(word[0]) > _CASE:
                return end - 1
        return end

    def _run_end(self, text: str, start: int) -> int:
        """Two runs of a script without spaces, the second a short one."""
        first = self._word.match(text, start)
        if first is None or first.end() - start > _LONGEST:
            return start
        second = self._word.match(text, first.end() + 1) if text[first.end() :][:1] == " " else None
        short = second is not None and len(second[0]) <= _SHORT and len(first[0]) <= _SHORT
        if second is not None and short and second[0] not in self._words.no_names:
            return second.end()
        return first.end()

    def _may_be_name(self, word: str, *, first: bool) -> bool:
        bare = word.rstrip(".")
        if bare in self._words.no_names or bare.lower() in self._words.titles:
            return False
        if self._russian:
            return _CAPITAL.match(bare) is not None
        return first or self._is_given(bare) or self._follows(bare)

    @staticmethod
    def _follows(word: str) -> bool:
        """Whether a word may follow a name as part of it; of Arabic words those with an article."""
        if not "\u0600" <= word[0] <= "\u06ff":
            return len(word) > _CASE
        return len(word) > _CASE and word.startswith("ال") and not word.startswith("الي")

    def _is_given(self, word: str) -> bool:
        if word in self._words.given:
            return True
        if not self._russian:
            return False
        stems = [word[: len(word) - cut] for cut in range(1, _CASE + 1)]
        return any(stem + ending in self._words.given for stem in stems for ending in ("", *"аяйь"))

    def _by_name(self, text: str) -> Iterator[Mention]:
        """Known given names, with the names beside them."""
        run: list[re.Match[str]] = []
        for word in self._word.finditer(text):
            if run and text[run[-1].end() : word.start()] not in (" ", ""):
                yield from self._person(run)
                run = []
            if self._may_stand(word[0]):
                run.append(word)
            else:
                yield from self._person(run)
                run = []
        yield from self._person(run)

    def _may_stand(self, word: str) -> bool:
        bare = word.rstrip(".")
        if bare in self._words.no_names:
            return False
        if self._russian:
            return _CAPITAL.match(bare) is not None and bare.lower() not in self._words.titles
        return self._is_given(bare) or bare.startswith("ال")

    def _person(self, run: Sequence[re.Match[str]]) -> Iterator[Mention]:
        """A run of words as a person, from the first known name in it."""
        sure = [self._is_sure(word[0].rstrip(".")) for word in run]
        if not any(sure):
            return
        first = 0 if self._russian and len(run) <= _MOST_WORDS else sure.index(True)
        chosen = run[first : first + _MOST_WORDS]
        end = chosen[-1].end() - (chosen[-1][0].endswith(".") and len(chosen[-1][0]) > _CASE)
        yield Mention(chosen[0].start(), end, Kind.PERSON, 0.7)

    def _is_sure(self, word: str) -> bool:
        if self._is_given(word):
            return True
        return self._russian and _SURNAME.fullmatch(word) is not None

    @staticmethod
    def _apart(mentions: Iterator[Mention]) -> list[Mention]:
        kept: list[Mention] = []
        for mention in sorted(mentions, key=lambda item: (item.start, -item.end)):
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return kept


_SHORT: Final = 12  # characters of one part of a Khmer, Lao or Burmese name
