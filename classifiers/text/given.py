"""Persons in Latin script whom a usual given name or an introduction tells, in any letters.

The model learnt from news and mail, where names have capitals. In chat and notes they often have
none (`ask aunty rosnah`), and names of other regions are rare in what it learnt from.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from classifiers.text.lexicon import Table
from classifiers.text.model import Kind, Mention
from classifiers.text.titles import given_names

_SCORE: Final = 0.7
_BEFORE: Final = r"(?<![\w@/.'’&#-])"  # nothing of an address, a handle or a word
_AFTER: Final = r"(?![\w@/]|[.-]\w|\.+@)"
_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ]['’]?[^\W\d_]+(?:['’-][A-ZÀ-ÖØ-Þ][^\W\d_]+)*"
_STREETS: Final = (
    "Street|St|Road|Rd|Ave|Avenue|Lane|Drive|Square|Hospital|School|College|University|Airport"
    "|Bridge|Island|River|Lake|County|Beach|Foundation|Hotel|Church|Stadium"
)
_WORD: Final = re.compile(
    rf"{_BEFORE}(?<!St )(?<!St\. )(?<!Saint )(?<!San )(?<!Santa )"
    rf"(?<!Port )(?<!Lake )(?<!Mount )(?<!North )(?<!South )(?<!East )(?<!West )"
    rf"[^\W\d_]{{3,}}(?:-[^\W\d_]{{2,}})?(?! (?:{_STREETS})\b){_AFTER}"
)
_MORE: Final = re.compile(rf"(?: {_CAPITAL}){{1,2}}{_AFTER}")
_INTRODUCED: Final = re.compile(
    r"(?<![\w'’])(?i:i am|i['’]m|this is|my name is|call me|caller|customer|recipient|consignee"
    r"|attn|attention|contact(?: person)?|dear|hi|hello|hey|regards|thanks(?: from)?|cheers"
    r"|love from|signed(?: by)?|signature)[:,]?(?: -)? "
    rf"(?P<name>(?:[A-Z]\. ?)?{_CAPITAL}(?: {_CAPITAL}){{0,2}}){_AFTER}"
)
_ADDRESSED: Final = re.compile(
    r"(?<![\w'’])(?i:aunty|auntie|uncle|mrs?|mdm|cikgu|kuya|tita|tito)\.? (?P<name>[^\W\d_]{3,})"
    rf"{_AFTER}"
)
# A name like Haidar al-Fayez, but no town: Ras al-Khaimah.
_ARAB: Final = re.compile(
    rf"{_BEFORE}(?!(?:Umm|Ras|Jebel|Jabal|Dar|Sharm|Tell?|Wadi|Deir|Bab|Shatt|Beit|Ain|Abu|Bin) )"
    rf"(?P<name>{_CAPITAL}(?: {_CAPITAL})? (?:al|el) ?- ?{_CAPITAL}){_AFTER}"
)
_TOGETHER: Final = re.compile(rf"{_BEFORE}(?P<name>{_CAPITAL}) and (?:I|me)\b(?!\.)")


class GivenNames:
    """The rules, with the lists that say which words are no names. Immutable."""

    def __init__(self, lexicon: Mapping[str, Sequence[str]]) -> None:
        """`lexicon` as the English model has it."""
        listed = {*lexicon["w"], *lexicon["u"]}
        towns = {part for place in lexicon["p"] for part in place.split()}
        # Given names that are known for something else by a town only: Dear Anand.
        self._towns: Final = towns.intersection(lexicon["g"]) - listed
        self._no_names: Final = _table(listed | towns)
        self._names: Final = _table({*lexicon["g"], *lexicon["f"]})

    def __call__(self, text: str) -> Iterator[Mention]:
        """Who is told, by start; the same place may be told twice."""
        for match in _INTRODUCED.finditer(text):
            words = match["name"].split()
            lone = len(words) == 1 and words[0].lower() in self._towns
            if lone or all(map(self._may_be, words)) or self._is_full(words):
                yield Mention(*match.span("name"), Kind.PERSON, _SCORE)
        for match in _ARAB.finditer(text):
            yield Mention(*match.span("name"), Kind.PERSON, _SCORE)
        for pattern in (_ADDRESSED, _TOGETHER):
            for match in pattern.finditer(text):
                if self._may_be(match["name"]):
                    yield Mention(*match.span("name"), Kind.PERSON, _SCORE)
        for match in _WORD.finditer(text):
            if match[0].lower() in given_names():
                yield Mention(match.start(), self._end(text, match), Kind.PERSON, _SCORE)

    def _may_be(self, word: str) -> bool:
        """Whether no list knows it for something else."""
        word = word.lower()
        return word not in self._no_names or word in given_names()

    def _is_full(self, words: Sequence[str]) -> bool:
        """Whether of several words one is a usual given name, or all may be and one is no word."""
        if len(words) == 1:
            return False
        usual = any(word.lower() in given_names() for word in words)
        return usual or (any(map(self._may_be, words)) and all(map(self._can_be, words)))

    def _can_be(self, word: str) -> bool:
        return word.lower() in self._names or self._may_be(word)

    def _end(self, text: str, first: re.Match[str]) -> int:
        """Where the name ends that a capital given name begins."""
        more = _MORE.match(text, first.end()) if first[0][0].isupper() else None
        if more is None or not all(map(self._can_be, more[0].split())):
            return first.end()
        return more.end()


def _table(words: Collection[str]) -> Table:
    return Table(((word, "") for word in words), len(words))
