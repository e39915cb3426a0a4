"""The form of each fact that an overlay may state: its parts, their types, its days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from policies.errors import BundleError

KINDS: Final[Mapping[type, str]] = {
    bool: "true or false",
    dict: "an object",
    int: "a whole number",
    list: "a list",
    str: "a text",
}
ITEM: Final[Mapping[str, type]] = {
    "sector": str,  # "*": every sector
    "scenario": str,  # a purpose, or "*"
    "field": str,  # a category, or one entity of it
    "threshold": int,  # persons a year from which the item is on the list
}
PILOT: Final[Mapping[str, type]] = {
    "exporters": list,
    "destinations": list,
    "recipients": list,
    "purposes": list,
    "treatments": dict,
    "from": str,
    "until": str,
    "below_persons": int,
}
SANDBOX: Final[Mapping[str, type]] = {
    "route": str,
    "by": str,
    "why": str,
    "from": str,
    "until": str,
    "below_persons": int,
    "below_records": int,
    "below_bytes": int,  # as they arrive, before treatment
}
OPAQUE: Final[Mapping[str, type]] = {
    "by": str,
    "why": str,
    "until": str,
    "max_bytes": int,
    "sha256": list,  # of the files that are meant; empty: any
    "review": bool,  # whether a person looks at each
}
SHADOW: Final[Mapping[str, type]] = {
    "route": str,
    "approver": str,
    "reason": str,
    "until": str,  # at most 30 days ahead; `silkgate.shadow` sees to it
    "max_persons": int,
}
PROFILE: Final[Mapping[str, type]] = {
    "en": str,
    "zh": str,
    "grounds": list,
    "exemptions": list,
    "necessary": list,
    "treatments": dict,
    "hold": list,
    "replaceable": list,
    "agreements": dict,
    "destinations": dict,
}
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def shape(place: str, value: Any, parts: Mapping[str, type]) -> None:
    """Raise `BundleError` unless `value` has these parts, each of its type, and no others."""
    if not isinstance(value, dict) or set(value) != set(parts):
        raise BundleError(f"{place} needs {', '.join(parts)}, nothing else")
    for part, kind in parts.items():
        if type(value[part]) is not kind:
            raise BundleError(f"{place}.{part} must be {KINDS[kind]}")


def day(where: str, text: str) -> date:
    """The day that `text` names. Raises `BundleError` where it is none.

    Days are compared as texts: in another form than the question's, one might never come.
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BundleError(f"{where}: {text} is no day; write it as 2026-12-31")
