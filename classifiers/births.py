"""Where a national number keeps its holder's birth date, as each identifier's file says it.

A year of two digits is read as one of this century: `classifiers.minors` takes a date that has not
come yet for one of the last. Who is over a hundred is then taken for a child, which raises what is
said of them and hides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from classifiers.shape import compact

Born = Callable[[str], date | None]
_THIS_CENTURY: Final = 2000
_NO_MONTHS: Final[Mapping[int, int]] = MappingProxyType({0: _THIS_CENTURY})
# The digit of sex and century that the Baltic and Central Asian numbers share.
ONE_TO_SIX: Final[Mapping[str, int]] = MappingProxyType(
    {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
)
# What stands in for a part that the number leaves out: the last that it may be (GB/T 35273 errs
# on the child's side).
_LAST_MONTH, _LAST_DAY = 12, 28


def birth(
    order: str,
    at: int = 0,
    *,
    century: tuple[int, Mapping[str, int]] | None = None,
    months: Mapping[int, int] = _NO_MONTHS,
    days: Sequence[int] = (0,),
) -> Born:
    """Reads a date written as `order` (`YYMMDD`, `DDMMYYYY`, `YY`, …) from the character `at` on.

    Positions count letters and digits alone. `century`: the position of a character that tells the
    century, and what it tells. `months` and `days` are what may be added to month or day; what is
    added to a month may tell the century.

    >>> birth("YYMMDD")("170305-02-1234")
    datetime.date(2017, 3, 5)
    >>> birth("YYMMDD", months={0: 1900, 20: 2000})("17230512345")
    datetime.date(2017, 3, 5)
    """

    def born(text: str) -> date | None:
        number = text if text.isascii() and text.isdigit() else compact(text)
        part = number[at : at + len(order)]
        if len(part) < len(order) or not part.isdecimal():
            return None
        year, month, day = (_read(part, order, letter) for letter in "YMD")
        base = _THIS_CENTURY
        if month:
            added = max((more for more in months if more < month), default=0)
            base, month = months.get(added, base), month - added
        if day:
            day -= max((more for more in days if more < day), default=0)
        if century is not None:
            base = century[1].get(number[century[0] : century[0] + 1], base)
        if "YYYY" in order:
            base = 0
        return written(
            base + year,
            month if "M" in order else _LAST_MONTH,
            day if "D" in order else _LAST_DAY,
        )

    return born


def days_since(epoch: date, at: int, digits: int) -> Born:
    """Reads a count of days since `epoch`."""

    def born(text: str) -> date | None:
        part = compact(text)[at : at + digits]
        return epoch + timedelta(int(part)) if part.isdecimal() else None

    return born


def written(year: int, month: int, day: int) -> date | None:
    """The day, None where no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read(part: str, order: str, letter: str) -> int:
    found = "".join(char for char, means in zip(part, order, strict=True) if means == letter)
    return int(found) if found else 0
