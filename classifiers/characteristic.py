"""Whether values look like what a label says, so that a column can speak for itself.

A doubtful name (`xm`, `name`, `dz`) becomes certain when the column's values look the part, and a
column whose name says nothing is labelled by them: most of many distinct values must agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from classifiers.names import known_names, name_shaped

_SAMPLE: Final = 64  # distinct values looked at
FEWEST: Final = 8  # distinct values that speak for a column with no name
_AGREE: Final = 0.85
_GENDERS: Final = frozenset("男 女 m f male female 先生 女士 未知 保密 0 1 2 9 男性 女性".split())
_DATE: Final = re.compile(r"(?:18|19|20)[0-9]{2}[-/.年]?[01]?[0-9][-/.月]?[0-3]?[0-9]日?")
_PLACE: Final = re.compile("[\u4e00-\u9fff]{1,10}(?:省|市|区|县|州|旗|镇|乡|街道|自治区)")
_STREET: Final = re.compile(
    "路|街|巷|弄|号|栋|室|村|镇|小区|大厦|(?i:street|road|avenue| rd| st| ave)"
)
_DEGREES: Final = re.compile(r"-?(?:1[0-8]|[0-9])?[0-9]\.[0-9]{4,15}")  # a fix, no price
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{6,18}[0-9]")


_LOOKS: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType(
    {
        "person_name": name_shaped,
        "gender": lambda value: value.lower() in _GENDERS,
        "birth_date": _DATE.fullmatch,
        "location": _DEGREES.fullmatch,
        "address": lambda value: len(value) >= 5 and _STREET.search(value),
        "address_part": _PLACE.fullmatch,
        "phone": _PHONE.fullmatch,
    }
)


def looks_like(label: str, values: Sequence[str]) -> bool:
    """Whether most of a column's values look like `label`; False for a label without looks."""
    looks = _LOOKS.get(label)
    sample = [value.strip() for value in values[:_SAMPLE] if value.strip()]
    if looks is None or not sample:
        return False
    if sum(bool(looks(value)) for value in sample) < _AGREE * len(sample):
        return False
    return label != "person_name" or known_names(sample)


def speaks_for_itself(values: Sequence[str]) -> str | None:
    """The label that a nameless column's values show beyond doubt: names of persons."""
    if len(values) >= FEWEST and looks_like("person_name", values):
        return "person_name"
    return None
