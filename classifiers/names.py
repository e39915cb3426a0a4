"""Whether a text looks like a person's full name, in the scripts that can tell.

A shape alone is not enough for Latin letters, since `Rose Gold` and `Kuala Lumpur` have it: most of
a column's values must hold a word of the lists of given and family names.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import regex

from classifiers.text.lexicon import read_lexicon
from classifiers.text.zh.surnames import COMPOUND, SURNAMES

_HAN: Final = regex.compile("[\u3400-\u9fff]{2,4}(?:·[\u3400-\u9fff]{1,8}){0,2}")
# Last characters that end words for things and places rather than given names.
_NOT_LAST: Final = frozenset("色的店厂区市县省路街号版款型级元件个台套装机器品类司部组量价期")
# Surnames that are written with another character in Taiwan, Hong Kong and Macao.
_TRADITIONAL: Final = frozenset(
    "張陳黃劉吳楊許鄭謝蘇鍾鄧蕭馮葉趙孫馬羅賴盧紀詹歐龔嚴溫駱區鄒顧蔣龍萬賀譚陸湯錢韓傅鐘儲莊闕關饒"
    "齊龐樓樊寧閻聶衛應韋權喬費鄺賈欒諸農閔談"
)
_JAPANESE: Final = regex.compile(
    "[\u3005\u3400-\u9fff\u3041-\u30fc]{1,5}[ \u3000][\u3005\u3400-\u9fff\u3041-\u30fc]{1,5}"
)
_KOREAN: Final = regex.compile(
    "(?:[김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공]"
    "|[현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용]"
    "|남궁|황보|제갈|선우|독고)[가-힣]{1,2}"
)
_TITLES: Final = regex.compile(
    r"(?:(?:mr|mrs|ms|miss|mx|dr|prof|ing|mgr|bc|judr|mudr|sig|sr|sra|srta|dott|herr|frau|hr|fr|mme|m"
    r"|univ|dipl|doc|bs|drs|ir|hj|h|pan|pani|dhr|mevr|phd|md|jr|iii?|iv|v|csc|s\.?kom|s\.?pd|s\.?h"
    r"|m\.?kom|s\.?e|dds|dvm|rndr|phdr|thdr|bsc|msc|ba|ma|b\.?sc|m\.?sc|tit|r\.h|kub)"
    r"(?=[ .,])\.?,? *)*",
    regex.IGNORECASE,
)
_TAIL: Final = regex.compile(
    r",? (?:(?:jr|sr|ii|iii|iv|v|phd|md|dds|dvm|csc|dis|mba|th\.d|ph\.d)\.?)+$", regex.I
)
_PARTICLES: Final = (
    "de|da|do|dos|das|di|del|della|la|le|van|von|der|den|ten|ter"
    "|el|al|bin|binti|bt|ibn|abu|y|e|zu|af|i"
)
_LATIN: Final = regex.compile(
    rf"\p{{Lu}}[\p{{Latin}}'’.-]{{0,20}}"
    rf"(?:[ ,]+(?:{_PARTICLES}|[\p{{Lu}}]\.?|\p{{Lu}}[\p{{Latin}}'’-]{{1,20}})){{1,5}}"
)
_CYRILLIC: Final = regex.compile(
    r"\p{Lu}[\p{Cyrillic}-]{1,20}(?: \p{Lu}[\p{Cyrillic}-]{0,20}\.?){1,2}"
)
_SLAVIC: Final = regex.compile(
    r"(?:ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ский|ская|цкий|цька|ський|ська|енко|чук|юк|як|ук|ич|вна"
    r"|ко|ло|ський|нко|иха|ых|их|ски|ска)(?:$| )",
    regex.IGNORECASE,
)
_KNOWN: Final = 0.6  # share of Latin names of which a word is listed


def name_shaped(value: str) -> bool:
    """Whether one value has the shape of a person's name."""
    if value.isascii() or "LATIN" in unicodedata.name(value[0], ""):
        return _LATIN.fullmatch(_untitled(value)) is not None
    if _HAN.fullmatch(value):
        surname = value[:2] in COMPOUND or value[0] in SURNAMES or value[0] in _TRADITIONAL
        return surname and value[-1] not in _NOT_LAST
    if _KOREAN.fullmatch(value) or _JAPANESE.fullmatch(value):
        return True
    return bool(_CYRILLIC.fullmatch(value) and _SLAVIC.search(value))


def known_names(values: Sequence[str]) -> bool:
    """Whether the Latin names among `values` are of words that are names; true without any."""
    latin = [value for value in values if "LATIN" in unicodedata.name(value[:1] or " ", "")]
    if not latin:
        return True
    known = _given()
    hits = sum(bool(known.intersection(_outer(_words(_untitled(value))))) for value in latin)
    return hits >= _KNOWN * len(latin)


def _untitled(value: str) -> str:
    titles = _TITLES.match(value)
    return str(_TAIL.sub("", value[titles.end() if titles else 0 :]))


def _words(value: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", value.lower().replace("đ", "d").replace("ł", "l"))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return [str(word) for word in regex.findall(r"[a-z]{2,}", letters)]


def _outer(words: Sequence[str]) -> Sequence[str]:
    """Where a given name stands: first, or last as in East Asia and on forms."""
    return (words[0], words[-1]) if words else ()


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    """Given names of the English and Vietnamese lists, which hold much of the world's."""
    words = [
        word
        for name in ("en", "vi")
        for letter, listed in read_lexicon(name).items()
        if letter == "g"
        for word in listed
    ]
    return frozenset(part for word in words for part in _words(word))
