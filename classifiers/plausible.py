"""Whether a value can be what its field's name says: an empty phone field holds no phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

_NOTHING: Final = frozenset(
    "null none nil nan n/a na undefined unknown false true - -- / \\ ."
    " 无 空 暂无 未知 未填写 没有".split()
)
_NOT_NAME: Final = re.compile(r"://|[<>{}=]")


def _digits(least: int, most: int) -> Callable[[str], bool]:
    def plausible(text: str) -> bool:
        return least <= sum(char.isdigit() for char in text) <= most and len(text) <= 3 * most

    return plausible


def _letters(most: int) -> Callable[[str], bool]:
    def plausible(text: str) -> bool:
        return len(text) <= most and any(char.isalpha() for char in text)

    return plausible


def _name(text: str) -> bool:
    return len(text) <= 80 and any(c.isalpha() for c in text) and not _NOT_NAME.search(text)


def _number_like(text: str) -> bool:
    """An identifier: some digits, few words."""
    return 4 <= len(text) <= 40 and any(char.isdigit() for char in text)


def _place(text: str) -> bool:
    return any(char.isalpha() for char in text) or _POSTCODE.fullmatch(text) is not None


_POSTCODE: Final = re.compile(r"[0-9]{3,10}(?:-[0-9]{3,4})?")
_RULES: Final[Mapping[str, Callable[[str], bool]]] = {
    "person_name": _name,
    "phone": _digits(5, 20),
    "email": lambda text: "@" in text or "＠" in text,
    "address": _letters(300),
    "address_part": _place,
    "birth_date": lambda text: len(text) <= 40 and any(char.isdigit() for char in text),
    "age": lambda text: len(text) <= 8,
    "gender": lambda text: len(text) <= 16,
    "gov_id": _number_like,
    "bank_account": lambda text: len(text) <= 60 and any(char.isdigit() for char in text),
    "ip_address": lambda text: len(text) <= 64 and ("." in text or ":" in text),
    "order_number": lambda text: len(text) <= 64,
    "tracking_number": lambda text: len(text) <= 128,
}


def plausible(label: str, value: str) -> bool:
    """Whether `value` may be a `label`; blanks and words for nothing never are."""
    text = value.strip()
    if not text or text.lower() in _NOTHING:
        return False
    rule = _RULES.get(label)
    return rule is None or rule(text)
