"""Children under 14: whatever is said of them is sensitive (PIPL arts 28 and 31).

A birth date, an age or an identity number that holds a birth date tells the age. The cell that
tells it becomes `spi_minor_u14` (the name, where an identity number tells it: that keeps the
category that persons are counted by); everything else personal of the same object that stands in
children's records alone is raised to sensitive. A value that an adult's record shares keeps its
level: the child's record is marked by the cell that tells the age.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from classifiers.model import Column, Finding, Level

REASON: Final = "pipl.28.under_14"
CATEGORY: Final = "spi_minor_u14"
_COUNTED_BY: Final = frozenset({"pi_gov_id"})
_NAMES: Final = frozenset({"PERSON"})
AGE_OF_CONSENT: Final = 14  # years (PIPL art 31)
_AGE: Final = re.compile(
    r"\s*([0-9]{1,2})(?:\.[0-9])?\s*(?:岁|歲|周岁|歳|세|tuổi|ปี|years?(?: old)?|yo)?\s*"
)
_YEAR_FIRST: Final = re.compile(r"((?:19|20)[0-9]{2})[-/.年]?([01]?[0-9])?[-/.月]?([0-3]?[0-9])?")
_DAY_FIRST: Final = re.compile(r"([0-3]?[0-9])[-/. ]([01]?[0-9])[-/. ]((?:19|20)[0-9]{2})")
_CENTURY: Final = {
    "1": 1900,
    "2": 1900,
    "5": 1900,
    "6": 1900,
    "3": 2000,
    "4": 2000,
    "7": 2000,
    "8": 2000,
}


def mark_minors(
    columns: Sequence[Column], findings: list[Finding], on: date | None
) -> list[Finding]:
    """`findings` with children's marked.

    `on` is the day that ages are counted on; without it only ages that are written out count.
    """
    telling = [
        number
        for number, finding in enumerate(findings)
        if finding.entity in _TELLS
        and finding.verdict.treated
        and _of_a_child(finding.entity, _text(columns, finding), on)
    ]
    if not telling:
        return findings
    marked = list(findings)
    told: dict[int, set[int]] = {}
    for number in telling:
        finding = marked[number]
        told.setdefault(finding.column, set()).add(finding.value)
        kept = finding.category if finding.category in _COUNTED_BY else CATEGORY
        marked[number] = finding.raised(kept, Level.SPI, REASON)
    return _raise_theirs(columns, marked, told)


def _raise_theirs(
    columns: Sequence[Column], marked: list[Finding], told: dict[int, set[int]]
) -> list[Finding]:
    """Personal findings of the objects in `told` that stand in children's records alone, raised."""
    owners = [
        (_parent(columns[index].pointer), _rows(columns[index], values))
        for index, values in told.items()
    ]
    adults: dict[int, set[int]] = {}  # column -> values that others' records hold too
    for number, finding in enumerate(marked):
        column = columns[finding.column]
        if finding.level is not Level.PI:
            continue
        if finding.column not in adults:
            rows: set[int] = set()
            for parent, children in owners:
                if column.pointer.startswith(f"{parent}/"):
                    rows |= children
            adults[finding.column] = {
                ref for row, ref in zip(column.rows, column.refs, strict=True) if row not in rows
            }
        if finding.value not in adults[finding.column]:
            category = CATEGORY if finding.entity in _NAMES else finding.category
            marked[number] = finding.raised(category, Level.SPI, REASON)
    return marked


def _of_a_child(entity: str, text: str, on: date | None) -> bool:
    if entity == "AGE":
        age = _AGE.fullmatch(text)
        return age is not None and 0 < int(age[1]) < AGE_OF_CONSENT  # 0 stands for unknown
    born = _TELLS[entity](text)
    return born is not None and on is not None and born <= on and _younger(born, on)


def _younger(born: date, on: date) -> bool:
    turned = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return turned < AGE_OF_CONSENT


def _birth_date(text: str) -> date | None:
    """A written date; where month or day is missing, the last that it may be."""
    first = _YEAR_FIRST.match(text.strip())
    if first:
        return _date(int(first[1]), int(first[2] or 12), int(first[3] or 28))
    last = _DAY_FIRST.match(text.strip())
    return _date(int(last[3]), int(last[2]), int(last[1])) if last else None


def _in_resident_id(text: str) -> date | None:
    number = text if text.isalnum() else "".join([char for char in text if char.isalnum()])
    if len(number) != 18 or not number[6:14].isdecimal():
        return None
    return _date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _in_korean_number(text: str) -> date | None:
    digits = "".join(char for char in text if char.isdecimal())
    if len(digits) != 13 or digits[6] not in _CENTURY:
        return None
    return _date(_CENTURY[digits[6]] + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_TELLS: Final = {
    "AGE": _birth_date,
    "DATE_OF_BIRTH": _birth_date,
    "CN_RESIDENT_ID": _in_resident_id,
    "KR_RRN": _in_korean_number,
}


def _text(columns: Sequence[Column], finding: Finding) -> str:
    return columns[finding.column].values[finding.value][finding.start : finding.end]


def _rows(column: Column, values: Iterable[int]) -> set[int]:
    wanted = set(values)
    return {row for row, ref in zip(column.rows, column.refs, strict=True) if ref in wanted}


def _parent(pointer: str) -> str:
    return pointer.rpartition("/")[0]
