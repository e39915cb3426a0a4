"""A person named once is a person wherever the name stands again, also by a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

from classifiers.text.model import Kind, Mention
from classifiers.text.zh.surnames import SURNAMES

_DENSE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3·]{3,12}")
_WORD: Final = r"[^\W\d_]+(?:['’.-][^\W\d_]+){0,3}\.?"
_SPACED: Final = re.compile(f"{_WORD}(?: {_WORD}){{1,5}}")
_LONGEST: Final = 60  # characters of a name
READER: Final = "text.people"
VERSION: Final = "3"
_MOST: Final = 20_000  # names looked for in one batch
_HAN_NAME: Final = re.compile("[\u4e00-\u9fff]{3}")
_DOTTED: Final = re.compile("[\u4e00-\u9fff]{2,}(?:·[\u4e00-\u9fff]{2,})+")
_CAPITAL_BEFORE: Final = re.compile(r"\b[A-Z]\w{3,} $")
_CAPITAL_AFTER: Final = re.compile(r" [A-Z]\w")
_LONE: Final = re.compile(r"(?=.{4})[A-ZÀ-ÖØ-Þ]['’]?[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLE_BEFORE: Final = re.compile(
    r"\b(?:M(?:rs?|s|me|lle|iss)|D(?:r|ra|atuk|ato)|Sra?|Prof|Sir|Madam|Monsieur|Sen|Rep|Gov|Gen|Col"
    r"|Capt|Lt|Sgt|President|Minister|Senator|Judge|Justice|Inspector|Officer|Nurse|Coach|Encik"
    r"|Puan|Pak|Bu|Ibu|Bwana)\.? $"
)
_LONGEST_TITLE: Final = 12  # characters, with the blank behind it
_PARTS: Final = 3  # letters of a name's part that may stand for the whole
# Words of English that begin sentences, and links between names.
_ALSO_WORDS: Final = frozenset(
    (
        "will may can mark grace hope bill rose joy faith art summer april june august king young"
        " long white black brown green price love angel guy max penny sunny rich grant sue pat bin"
        " binti anak the van von der den del dela delos los las san santa abdul nur siti mohd ibu"
        " bapak pak mas haji bint ibn and dan"
    ).split()
)


class People:
    """Full names known from a batch: three characters of a dense script, or two words."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the full ones among `names`."""
        full = [name for name in dict.fromkeys(names) if _is_full(name)][:_MOST]
        self._finder: Final = (
            AhoCorasick(full, matchkind=MatchKind.LeftmostLongest) if full else None
        )

    def named_in(self, text: str) -> bool:
        """Whether any of them may be named in `text`."""
        return self._finder is not None and bool(self._finder.find_matches_as_indexes(text))

    def complete(self, text: str, mentions: Sequence[Mention]) -> list[Mention]:
        """`mentions` and every other place where a known person is named, by start."""
        found = list(mentions)
        finder = self._finder
        for _, start, end in finder.find_matches_as_indexes(text) if finder else ():
            taken = any(old.start < end and start < old.end for old in mentions)
            if not taken and _stands_alone(text, start, end):
                found.append(Mention(start, end, Kind.PERSON, reader=READER))
        return sorted([*found, *_again(text, found)])


def _again(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Persons of a text named once more by a part of their name: 王小明 ... 小明."""
    full = [text[item.start : item.end] for item in mentions if item.kind is Kind.PERSON]
    parts = {part for name in full for part in _parts(name)}
    parts.update(_titled(text, mentions))
    taken = sorted((item.start, item.end) for item in mentions)
    for part in sorted(parts, key=len, reverse=True):
        start = text.find(part)
        while start >= 0:
            end = start + len(part)
            free = not any(low < end and start < high for low, high in taken)
            if free and _stands_alone(text, start, end) and not _in_phrase(text, start, end):
                taken.append((start, end))
                yield Mention(start, end, Kind.PERSON, reader=READER)
            start = text.find(part, end)


def _titled(text: str, mentions: Sequence[Mention]) -> Iterator[str]:
    """Lone names that a title tells: of `Mr Feith ... Feith said` both are the same person."""
    for item in mentions:
        name = text[item.start : item.end]
        before = text[max(item.start - _LONGEST_TITLE, 0) : item.start]
        known = item.kind is Kind.PERSON and _TITLE_BEFORE.search(before)
        if known and _LONE.fullmatch(name) and name.lower() not in _ALSO_WORDS:
            yield name


def _in_phrase(text: str, start: int, end: int) -> bool:
    """Whether a word in capitals beside it makes it part of something else: Program Studi."""
    if not text[start].isascii():
        return False
    return bool(
        _CAPITAL_BEFORE.search(text[max(start - _LONGEST, 0) : start])
        or _CAPITAL_AFTER.match(text, end)
    )


def _parts(name: str) -> Iterator[str]:
    """What of a full name may stand for it in the same text."""
    if _HAN_NAME.fullmatch(name) and name[0] in SURNAMES:
        yield name[1:]
    elif _DOTTED.fullmatch(name):
        yield from name.split("·")
    elif _SPACED.fullmatch(name):
        for word in name.split():
            if len(word) >= _PARTS and word[0].isupper() and word.lower() not in _ALSO_WORDS:
                yield word


def _is_full(name: str) -> bool:
    if len(name) > _LONGEST:
        return False
    return bool(_DENSE.fullmatch(name) or _SPACED.fullmatch(name))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no letter of an alphabet touches the span."""
    if not text[start].isascii():
        return True
    return not (text[max(start - 1, 0) : start].isalnum() or text[end : end + 1].isalnum())
