"""A treatment's parameters: `name:key=value,key=value`, each read once and within its bounds.

A parameter only ever makes a treatment hide more than its plain form does, so that a company's
overlay, which may tighten and never loosen, can use any of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

_PARAMETER: Final = re.compile(r"([a-z]+)=([A-Za-z0-9.+-]+)")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")


class BadParameter(Exception):
    """A parameter that is unknown, malformed or out of bounds."""


def parsed(treatment: str) -> tuple[str, Mapping[str, str]]:
    """A treatment's name and its parameters. Raises `BadParameter`."""
    name, colon, rest = treatment.partition(":")
    found: dict[str, str] = {}
    for part in rest.split(",") if colon else ():
        match = _PARAMETER.fullmatch(part)
        if match is None or match[1] in found:
            raise BadParameter(f"{treatment!r}: parameters are key=value, each once")
        found[match[1]] = match[2]
    return name, found


class Parameters:
    """Parameters on their way into an operator; `finish` refuses what nobody has asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._left = dict(texts)

    def whole(self, key: str, low: int, high: int) -> int | None:
        """A whole number within bounds, None where it is not given. Raises `BadParameter`."""
        text = self._left.pop(key, None)
        if text is None:
            return None
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise BadParameter(f"{key} must be a whole number from {low} to {high}")
        return int(text)

    def number(self, key: str) -> Decimal | None:
        """A decimal number, None where it is not given. Raises `BadParameter`."""
        text = self._left.pop(key, None)
        if text is None:
            return None
        if not _NUMBER.fullmatch(text):
            raise BadParameter(f"{key} must be a decimal number")
        return Decimal(text)

    def choice(self, key: str, *choices: str) -> str | None:
        """One of `choices`, None where it is not given. Raises `BadParameter`."""
        text = self._left.pop(key, None)
        if text is not None and text not in choices:
            raise BadParameter(f"{key} must be one of {', '.join(choices)}")
        return text

    def finish(self) -> None:
        """Raise `BadParameter` if any parameter is left."""
        if self._left:
            raise BadParameter(f"{min(self._left)} is no parameter of this treatment")
