"""What several ordinary columns amount to together: quasi-identifiers and sensitive aggregates.

Sex, birth date and place single most people out though none of them does (GB/T 42460-2023 Annex
B); name, phone, address and purchases together may become sensitive (GB/T 45574-2025). Which sets
do is data, `data/aggregates.json`. An aggregate is for a person to review: it changes no level.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import msgspec

from classifiers.model import Classification

QUASI_IDENTIFIERS: Final = frozenset(
    {
        *("AGE", "DATE_OF_BIRTH", "GENDER", "NATIONALITY", "LOCATION", "CN_ADDRESS", "WORK"),
        *("EDUCATION", "MARITAL_STATUS", "INCOME", "RELIGION", "HEALTH", "GPS_COORDINATES"),
        *("FAMILY", "POSTCODE", "LICENSE_PLATE"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """A rule that held: which pointers, and why it matters. `code` is stable."""

    code: str
    en: str
    zh: str
    citation: str
    pointers: tuple[str, ...]


def quasi_identifiers(found: Classification) -> list[int]:
    """Columns that identify nobody alone and may together; rising indices into the batch."""
    return sorted(
        {
            finding.column
            for finding in found.findings
            if finding.verdict.treated and finding.entity in QUASI_IDENTIFIERS
        }
    )


def aggregates(found: Classification) -> list[Aggregate]:
    """The rules of `data/aggregates.json` that the columns' categories and entities fulfil."""
    where: dict[str, set[str]] = {}  # category or entity -> pointers
    for finding in found.findings:
        if finding.verdict.treated:
            for name in (finding.category, finding.entity):
                where.setdefault(name, set()).add(found.pointers[finding.column])
    for column, label in enumerate(found.labels):
        if label:
            where.setdefault(label, set()).add(found.pointers[column])
    held = [
        (rule, [name for group in rule.all for name in group if name in where])
        for rule in _rules()
        if all(any(name in where for name in group) for group in rule.all)
    ]
    return [
        Aggregate(
            code=rule.code,
            en=rule.en,
            zh=rule.zh,
            citation=rule.citation,
            pointers=tuple(sorted(set().union(*(where[name] for name in names)))),
        )
        for rule, names in held
    ]


class _Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`all`: of each group, one category or entity must be there."""

    code: str
    all: tuple[tuple[str, ...], ...]
    en: str
    zh: str
    citation: str
    confidence: str
    checked: str


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    rows = files("classifiers").joinpath("data/aggregates.json").read_bytes()
    return msgspec.json.decode(rows, type=tuple[_Rule, ...])
