"""What a field's name says its cells hold, in English, Chinese and pinyin.

`data/fields.json` lists, per label, the phrases that name it. A name is cut into words
(`receiverPhone2`, `RECEIVER_PHONE`, `receiver-phone` all give receiver, phone) and the longest
phrase that ends it wins, so `product_name` is a product and `receiver_name` a person. A phrase
listed as weak (`name`, `state`) only counts beside fields that are personal without doubt.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import regex

from classifiers.model import Evidence, Finding, Level, Verdict
from classifiers.taxonomy import level_of

# Capitals, capitalized or small words of Latin letters, digits, or letters of another script.
_WORD: Final = regex.compile(
    r"[\p{Lu}&&\p{Latin}]+(?![\p{Ll}&&\p{Latin}])|[\p{Lu}&&\p{Latin}]?[\p{Ll}&&\p{Latin}]+|[0-9]+"
    r"|[[\p{L}\p{M}]--\p{Latin}]+",
    regex.V1,
)
_LATIN: Final = regex.compile(r"\p{Latin}")
_BRACKETED: Final = re.compile(r"[(\[（【<].*?[)\]）】>]")
_CERTAIN: Final = frozenset({"credential"})
# What database people write short, and what they add to a name without changing what it names.
_LONG_FORMS: Final = {
    "nm": "name", "dt": "date", "ymd": "date", "usr": "user", "acct": "account", "acc": "account",
    "cust": "customer", "cst": "customer", "rcv": "receiver", "recv": "receiver",
    "recp": "recipient", "nbr": "number", "num": "number", "mbr": "member", "emp": "employee",
    "stu": "student", "pat": "patient", "ship": "shipping", "deliv": "delivery",
    "dlvr": "delivery", "cnee": "consignee", "cntct": "contact", "emrg": "emergency",
    "psn": "person", "cert": "certificate", "stat": "status",
}  # fmt: skip
_ADDED: Final = frozenset(
    "cd code type status desc str txt text val value info no number id level name date at"
    " by".split()
)
_WHATEVER_IS_ADDED: Final = frozenset(
    "gender marital birth_date nationality religion politics education income device health"
    " credential location age".split()
)
_ABBREVIATION: Final = 2  # letters; so short a phrase must be the whole name


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a field holds; `detector` is the name that findings carry."""

    label: str
    category: str
    entity: str
    detector: str = field(init=False)  # `field.<label>`
    level: Level = field(init=False)  # the statutory level of the category
    personal: bool = field(init=False)  # whether it names personal information, not trade data

    def __post_init__(self) -> None:
        level = level_of(self.category)
        object.__setattr__(self, "detector", f"field.{self.label}")
        object.__setattr__(self, "level", level)
        object.__setattr__(self, "personal", level is not Level.GENERAL)

    def finding(self, column: int, value: int, start: int, end: int) -> Finding:
        """A span that such a field holds; what a credential's name says is certain."""
        verdict = Verdict.CONFIRMED if self.label in _CERTAIN else Verdict.LIKELY
        return Finding(
            column=column,
            value=value,
            start=start,
            end=end,
            category=self.category,
            entity=self.entity,
            level=self.level,
            verdict=verdict,
            score=0.99 if verdict is Verdict.CONFIRMED else 0.75,
            detector=self.detector,
            evidence=Evidence.FIELD,
        )


@dataclass(frozen=True, slots=True)
class NamedField:
    """A label and whether the name leaves doubt about it."""

    label: Label
    weak: bool


@dataclass(frozen=True, slots=True)
class _Lexicon:
    phrases: Mapping[str, NamedField]
    labels: Mapping[str, Label]
    longest_han: int


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    phrases: dict[str, NamedField] = {}
    labels: dict[str, Label] = {}
    for row in json.loads(files("classifiers").joinpath("data/fields.json").read_bytes()):
        label = Label(label=row["label"], category=row["category"], entity=row["entity"])
        labels[label.label] = label
        for weak, key in ((False, "names"), (True, "weak")):
            for name in row.get(key, ()):
                phrases[_glue(words(name))] = NamedField(label, weak)
    longest = max(len(phrase) for phrase in phrases if not phrase.isascii())
    return _Lexicon(MappingProxyType(phrases), MappingProxyType(labels), longest)


def words(name: str) -> tuple[str, ...]:
    """The words of a field name, lower case; bracketed remarks and trailing numbers dropped.

    >>> words("receiverPhone2"), words("ID_CARD_NO"), words("手机号（必填）")
    (('receiver', 'phone'), ('id', 'card', 'no'), ('手机号',))
    """
    plain = "".join(
        char for char in unicodedata.normalize("NFKC", name) if unicodedata.category(char) != "Cf"
    )
    found = [word.lower() for word in _WORD.findall(_BRACKETED.sub(" ", plain) or plain)]
    while len(found) > 1 and found[-1].isdigit():
        found.pop()
    return tuple(found)


def label_named(name: str) -> Label:
    """The label of this id. Raises `KeyError` for one that the lexicon does not have."""
    return _lexicon().labels[name]


@lru_cache(maxsize=8192)
def label_of(name: str) -> NamedField | None:
    """The label of a field name, None when it says nothing."""
    parts = words(name)
    found = _by_phrase(parts)
    if found is None and not _LONG_FORMS.keys().isdisjoint(parts):
        parts = tuple(_LONG_FORMS.get(part, part) for part in parts)
        found = _by_phrase(parts)
    if found is None and len(parts) > 1 and parts[-1] in _ADDED:
        bare = _by_phrase(parts[:-1])
        if bare is not None and bare.label.label in _WHATEVER_IS_ADDED:
            found = bare
    return found


def _by_phrase(parts: tuple[str, ...]) -> NamedField | None:
    """The label of the longest phrase that ends a name."""
    lexicon = _lexicon()
    for start in range(len(parts)):
        phrase = _glue(parts[start:])
        if start and len(phrase) <= _ABBREVIATION and phrase.isascii():
            continue
        named = lexicon.phrases.get(phrase)
        if named is not None:
            return named
    if not parts or parts[-1].isascii() or _LATIN.match(parts[-1]):
        return None
    return _by_ending(parts[-1], lexicon)


def _by_ending(word: str, lexicon: _Lexicon) -> NamedField | None:
    """Chinese has no word boundaries: the longest phrase that ends the word."""
    for length in range(min(len(word), lexicon.longest_han), 1, -1):
        named = lexicon.phrases.get(word[-length:])
        if named is not None:
            return named
    return None


def _glue(parts: tuple[str, ...]) -> str:
    return "".join(parts)
