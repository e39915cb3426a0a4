"""Code tables: a column of codes is graded by what its codes say.

`data/codes.json` holds the tables of standards (GB/T 2261, 3304, 4658, 4761, 4762, 6565, …), each
with its source. A team names one of them for a field, or says itself what its codes mean; the
meanings are then read as any other text is: words that standards use, a field's name, terms of
special categories.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import msgspec
import regex

from classifiers.fields import label_of
from classifiers.model import Column, Evidence, Finding, Level, Verdict
from classifiers.plausible import plausible
from classifiers.taxonomy import CATEGORIES, level_of
from classifiers.terms import crime, health, identity, religion, sexual_life

_MOST: Final = 0.5  # share of the meanings that must say the same
_TERMS: Final = tuple(m.DETECTOR for m in (health, religion, crime, sexual_life, identity))
_ICD: Final = regex.compile(r"[A-TV-Z][0-9][0-9AB](?:\.[0-9A-Z]{1,4})?[+*]?")
_FEWEST_CODES: Final = 8  # distinct, of a nameless column
_FEWEST_WORDS: Final = 3
_FEWEST_CHAPTERS: Final = 4  # first letters; a warehouse's bins begin with few
_AGREE: Final = 0.95
ICD_10: Final = "icd10"


class CodeTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A standard's table. `telling`: its words speak for themselves in a nameless column."""

    id: str
    label: str  # of `classifiers.fields`; "" where none is of its own
    category: str
    entity: str
    citation: str
    telling: bool
    codes: Mapping[str, str]  # code -> meaning
    words: tuple[str, ...]  # that people write in its place
    confidence: str
    checked: str


class Coded(msgspec.Struct, frozen=True):
    """What a field of codes says, and by which table (`team` for one of the team's own)."""

    table: str
    category: str
    entity: str

    @property
    def level(self) -> Level:
        """The statutory level of the category."""
        return level_of(self.category)


class UnknownCodes(ValueError):
    """What a table's codes mean is not known; the message says what to do."""


NO_CODES: Final[Mapping[str, Coded]] = MappingProxyType({})


@lru_cache(maxsize=1)
def code_tables() -> Mapping[str, CodeTable]:
    """The tables of standards, by id."""
    rows = files("classifiers").joinpath("data/codes.json").read_bytes()
    return {row.id: row for row in msgspec.json.decode(rows, type=list[CodeTable])}


def graded(field: str, table: str | Mapping[str, str]) -> Coded:
    """What the field named `field` says by `table`: a standard's id, or codes with their meanings.

    Where meanings say several things, the one of the highest level that any says; a table that
    says nothing personal is of no category. Raises `UnknownCodes`.
    """
    if isinstance(table, str):
        return _standard(table)
    said = [_meaning(text) for text in table.values()]
    found = [each for each in said if each is not None]
    if not found and (named := label_of(field)) is not None and named.label.personal:
        found = [Coded("team", named.label.category, named.label.entity)]
    if not found:
        raise UnknownCodes(
            "nothing is known of what these codes mean; name a standard's table "
            f"({', '.join(sorted(code_tables()))}) or declare the field's category"
        )
    highest = max(found, key=lambda each: (list(Level).index(each.level), found.count(each)))
    return Coded("team", highest.category, highest.entity)


def coded_findings(columns: Sequence[Column], coded: Mapping[str, Coded]) -> Iterator[Finding]:
    """A finding over every value of the fields that hold codes."""
    for index, column in enumerate(columns):
        says = coded.get(column.pointer)
        if says is None or says.level is Level.GENERAL:
            continue
        for number, value in enumerate(column.values):
            if plausible("", value):
                yield Finding(
                    column=index,
                    value=number,
                    start=0,
                    end=len(value),
                    category=says.category,
                    entity=says.entity,
                    level=says.level,
                    verdict=Verdict.CONFIRMED,
                    score=1.0,
                    detector=f"code.{says.table}",
                    evidence=Evidence.DECLARED,
                    reason=f"code.{says.table}",
                )


def label_by_codes(values: Sequence[str]) -> str | None:
    """The label that a nameless column's values show: words of one table, or ICD-10 codes."""
    sample = [text.lower() for value in values[:64] if (text := value.strip())]
    if len(sample) < _FEWEST_WORDS:
        return None
    for label, words in _telling().items():
        if sum(text in words for text in sample) >= _AGREE * len(sample):
            return label
    return "health" if _icd(values[:64]) else None


def _icd(values: Sequence[str]) -> bool:
    """Whether they are diagnoses (ICD-10): most with a point, of several chapters."""
    sample = [value.strip() for value in values]
    matched = [value for value in sample if _ICD.fullmatch(value)]
    return (
        len(sample) >= _FEWEST_CODES
        and len(matched) >= _AGREE * len(sample)
        and sum("." in value for value in matched) >= _MOST * len(matched)
        and len({value[0] for value in matched}) >= _FEWEST_CHAPTERS
    )


@lru_cache(maxsize=1)
def _telling() -> Mapping[str, frozenset[str]]:
    """Label -> what its telling tables' codes mean, and words in their place."""
    return {
        table.label: frozenset(word.lower() for word in (*table.codes.values(), *table.words))
        for table in code_tables().values()
        if table.telling and table.label
    }


def _standard(name: str) -> Coded:
    if name == ICD_10:
        return Coded(ICD_10, "spi_health", "HEALTH")
    table = code_tables().get(name)
    if table is None:
        known = ", ".join(sorted([*code_tables(), ICD_10]))
        raise UnknownCodes(f"there is no code table {name!r}; there are {known}")
    return Coded(table.id, table.category, table.entity)


def _meaning(text: str) -> Coded | None:
    """What one meaning says."""
    plain = text.strip().lower()
    for table in code_tables().values():
        if plain in {word.lower() for word in (*table.codes.values(), *table.words)}:
            return Coded("team", table.category, table.entity)
    for detector in _TERMS:
        for pattern in detector.patterns:
            found = regex.search(pattern.regex, text, detector.flags)
            if found and detector.verify(found[0]).treated:
                return Coded("team", detector.category, CATEGORIES[detector.category].entity)
    return None
