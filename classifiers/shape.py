"""Building blocks of identifier patterns and checks."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from classifiers.model import Verdict

GAP: Final = "[ ./_-]?"  # one separator, as people write numbers in groups
_NOT_ALNUM: Final = re.compile(r"[^0-9A-Za-z]+")


def numeric(body: str) -> str:
    """`body` with no digit on either side; letters and CJK may touch it."""
    return rf"(?<![0-9]){body}(?![0-9])"


def word(body: str) -> str:
    """`body` with no ASCII letter or digit on either side."""
    return rf"(?<![0-9A-Za-z]){body}(?![0-9A-Za-z])"


def groups(*sizes: int) -> str:
    """Digits in groups of these sizes, with or without a separator between groups.

    >>> groups(3, 2)
    '[0-9]{3}[ ./_-]?[0-9]{2}'
    """
    return GAP.join(f"[0-9]{{{size}}}" for size in sizes)


def compact(text: str) -> str:
    """ASCII letters and digits only, upper case.

    >>> compact("s 123-45.67d")
    'S1234567D'
    """
    bare = text if text.isascii() and text.isalnum() else _NOT_ALNUM.sub("", text)
    return bare.upper()


def checked(holds: bool) -> Verdict:
    """CONFIRMED if the check holds; a failed check only says little."""
    return Verdict.CONFIRMED if holds else Verdict.UNKNOWN


def is_date(year: int, month: int, day: int) -> bool:
    """Whether the calendar has this day.

    >>> is_date(1949, 2, 30)
    False
    """
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_short_date(digits: str) -> bool:
    """Whether six digits are a YYMMDD date in this or the last century.

    >>> is_short_date("000229"), is_short_date("991332")
    (True, False)
    """
    year, month, day = (int(digits[at : at + 2]) for at in (0, 2, 4))
    return is_date(2000 + year, month, day) or is_date(1900 + year, month, day)
