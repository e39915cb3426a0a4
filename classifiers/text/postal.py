"""Postal addresses in Latin script: from a house or a street over the parts that follow.

An address begins at a house, lot, block or box with its number, or at a number with a street
within three words, or at a street as Malay, Vietnamese, French, Spanish and Portuguese name it
before its name; it runs on over names in capitals, numbers and words of addresses. Only what
reaches down to a number and up to a street or a postcode counts (`classifiers.text.address`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from classifiers.text.address import is_address
from classifiers.text.model import Kind, Mention

_UNIT: Final = (
    r"(?:no|lot|blk|block|unit|apt|apartment|suite|flat|plot|house|level|floor|p\.? ?o\.? ?box"
    r"|s\.?l\.?p|số|so|lô|rt|rw)\b\.? ?#?\d{1,5}(?!\d)[\w/-]*"
)
_STREET: Final = (
    "street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|crescent|highway"
    "|terrace|close|way|square"
)
_NUMBERED: Final = rf"\d[\w/-]*,? (?:(?-i:[A-ZÀ-Ỹ])[\w'’.-]* ){{0,3}}?(?:{_STREET})\b"
_BEFORE_NAME: Final = (
    r"(?:jalan|jln?|lorong|kampung|kg|gang|brgy|barangay|purok|mtaa wa|rua|avenida|av|travessa|rue"
    r"|calle|đường|duong|phố|ngõ|ngo|hẻm|hem)\b\.?"
    r" (?:d[aeou]s? (?:la )?)?(?=\d|(?-i:[A-ZÀ-ỸĐ]))"
)
_BEGIN: Final = re.compile(rf"(?<![\w/@#])(?:{_UNIT}|{_NUMBERED}|{_BEFORE_NAME})", re.IGNORECASE)
_WORDS: Final = (
    "street st road rd avenue ave lane drive block blk lot unit level floor phase taman jalan jl"
    " jln lorong kampung kel kec kab kota desa rt rw no nomor brgy barangay subd subdivision city"
    " poblacion phường phuong quận quan huyện huyen xã xa thôn thon tp p q đường duong phố pho ngõ"
    " ngo số so mtaa wa box de da do dos das des du la le of bis apto cep"
)
_ALLOWED: Final = frozenset(_WORDS.split())
_TOKEN: Final = re.compile(r"(?P<gap>(?:,|\.,)?[ ]?(?:- ?)?)(?P<word>#?[\w'’][\w'’/#-]*\.?)")
_NAME: Final = re.compile(r"[ ,](?-i:[A-ZÀ-ỸĐ])[\w'’-]+")
_MOST_NAMES: Final = 4  # words in capitals with no comma or number between them
_LONGEST: Final = 160  # characters


def addresses(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The addresses of a text; one ends before a person that an engine found after its street."""
    found: list[Mention] = []
    at = 0
    while begin := _BEGIN.search(text, at):
        stop = min(
            [len(text), begin.start() + _LONGEST]
            + [m.start for m in mentions if m.kind is Kind.PERSON and _ends_at(m, begin, text)]
        )
        end = _end(text, begin.end(), stop)
        if _NAME.search(text, begin.start(), end) and is_address(text[begin.start() : end]):
            found.append(Mention(begin.start(), end, Kind.PLACE, 0.8))
        at = max(end, begin.end())
    return found


def with_addresses(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """`mentions` with the addresses in place of what they overlap."""
    whole = addresses(text, mentions)
    kept = [
        mention
        for mention in mentions
        if not any(a.start < mention.end and mention.start < a.end for a in whole)
    ]
    return sorted([*kept, *whole])


def _ends_at(person: Mention, begin: re.Match[str], text: str) -> bool:
    """Whether a person stands for itself behind the address: streets bear names of persons."""
    apart = text[: person.start].rstrip(" ")[-1:] in ("", ";", "(", "-")
    return person.start > begin.end() and apart


def _end(text: str, start: int, stop: int) -> int:
    end, last, names = start, start, 0
    while token := _TOKEN.match(text, end, stop):
        word = token["word"].rstrip(".")
        if token["gap"] and token["gap"][0] in ",.":
            names = 0
        elif _ended(text, start, end) and word.lower() not in _ALLOWED:
            break
        if word[0] in "#0123456789":
            names = 0
        elif word[0].isupper() and names < _MOST_NAMES:
            names += 1
        elif word.lower() not in _ALLOWED:
            break
        end = token.end()
        if word[0].isupper() or word[0] in "#0123456789":
            last = end
    return last - (text[last - 1 : last] == ".")


def _ended(text: str, start: int, end: int) -> bool:
    """Whether a full stop before `end` ends a sentence, not an abbreviation of addresses."""
    if end <= start or text[end - 1] != ".":
        return False
    return text[start:end].rsplit(" ", 1)[-1].rstrip(".").lower() not in _ALLOWED
