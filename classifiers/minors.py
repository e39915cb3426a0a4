"""Children under 14: whatever is said of them is sensitive (PIPL arts 28 and 31).

A birth date, an age or an identity number that holds a birth date tells the age; a number of fewer
than 15 characters only where a name, a word or its column says what it is, since one mobile in
thousands passes for a short national number. The cell that
tells it becomes `spi_minor_u14` (the name, where an identity number tells it: that keeps the
category that persons are counted by); everything else personal of the same object that stands in
children's records alone is raised to sensitive. A value that an adult's record shares keeps its
level: the child's record is marked by the cell that tells the age.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from classifiers.births import Born, written
from classifiers.model import Column, Evidence, Finding, Level
from classifiers.shape import compact

REASON: Final = "pipl.28.under_14"
CATEGORY: Final = "spi_minor_u14"
_COUNTED_BY: Final = frozenset({"pi_gov_id"})
_NAMES: Final = frozenset({"PERSON"})
_UNMISTAKABLE: Final = 15  # letters and digits: of a Chinese, French, Italian, Mexican number
AGE_OF_CONSENT: Final = 14  # years (PIPL art 31)
_AGE: Final = re.compile(
    r"\s*([0-9]{1,2})(?:\.[0-9])?\s*(?:岁|歲|周岁|歳|세|tuổi|ปี|years?(?: old)?|yo)?\s*"
)
_YEAR_FIRST: Final = re.compile(r"((?:19|20)[0-9]{2})[-/.年]?([01]?[0-9])?[-/.月]?([0-3]?[0-9])?")
_DAY_FIRST: Final = re.compile(r"([0-3]?[0-9])[-/. ]([01]?[0-9])[-/. ]((?:19|20)[0-9]{2})")


def mark_minors(
    columns: Sequence[Column],
    findings: list[Finding],
    on: date | None,
    births: Mapping[str, Born],
) -> list[Finding]:
    """`findings` with children's marked.

    `births`: detector -> where its numbers keep the birth date. `on` is the day that ages are
    counted on; without it only ages that are written out count.
    """
    telling = [
        number
        for number, finding in enumerate(findings)
        if (tells := births.get(finding.detector) or _WRITTEN.get(finding.entity)) is not None
        and finding.verdict.treated
        and (finding.entity in _WRITTEN or _sure(finding, columns))
        and _of_a_child(finding.entity, tells, _text(columns, finding), on)
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


def _sure(finding: Finding, columns: Sequence[Column]) -> bool:
    """Whether a number is beyond doubt the identity number it looks like."""
    if finding.evidence is not Evidence.VALUE:
        return True
    return len(compact(_text(columns, finding))) >= _UNMISTAKABLE


def _of_a_child(entity: str, tells: Born, text: str, on: date | None) -> bool:
    if entity == "AGE":
        age = _AGE.fullmatch(text)
        return age is not None and 0 < int(age[1]) < AGE_OF_CONSENT  # 0 stands for unknown
    born = tells(text)
    return born is not None and on is not None and born <= on and _younger(born, on)


def _younger(born: date, on: date) -> bool:
    turned = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return turned < AGE_OF_CONSENT


def _birth_date(text: str) -> date | None:
    """A written date; where month or day is missing, the last that it may be."""
    first = _YEAR_FIRST.match(text.strip())
    if first:
        return written(int(first[1]), int(first[2] or 12), int(first[3] or 28))
    last = _DAY_FIRST.match(text.strip())
    return written(int(last[3]), int(last[2]), int(last[1])) if last else None


# By entity, what a cell's text tells of the day of birth. Numbers say it by their detectors.
_WRITTEN: Final[Mapping[str, Born]] = MappingProxyType(
    {"AGE": _birth_date, "DATE_OF_BIRTH": _birth_date}
)


def _text(columns: Sequence[Column], finding: Finding) -> str:
    return columns[finding.column].values[finding.value][finding.start : finding.end]


def _rows(column: Column, values: Iterable[int]) -> set[int]:
    wanted = set(values)
    return {row for row, ref in zip(column.rows, column.refs, strict=True) if ref in wanted}


def _parent(pointer: str) -> str:
    return pointer.rpartition("/")[0]
