"""What an attack is: a request, what is hidden in it, and what a good gateway does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

PHONE: Final = "13800138000"
MAIL: Final = "zhang.san@example.com"
ID: Final = "11010519491231002X"
CARD: Final = "4111111111111111"
JSON: Final[Mapping[str, str]] = {"Content-Type": "application/json"}


class Want(StrEnum):
    """What becomes of a request."""

    CAUGHT = "caught"  # it arrives, what was hidden does not
    REFUSED = "refused"  # nothing arrives
    NEUTRAL = "neutral"  # it arrives byte for byte
    STOPPED = "stopped"  # caught or refused
    LIMIT = "limit"  # known to pass where no field is declared; see docs/attacks.md


@dataclass(frozen=True, slots=True)
class Case:
    """One request. Numbers from 101 on are our additions.

    `hidden` are byte sequences of which none may arrive, as they stand in the request without its
    content coding. `target` is what follows the route's name. A case with `raw` is a whole request
    to be written to a socket: `%(route)s`, `%(host)s` and `%(key)s` are filled in.
    """

    number: int
    name: str
    want: Want
    body: bytes = b""
    hidden: tuple[bytes, ...] = ()
    method: str = "POST"
    target: str = "/x"
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    raw: bytes = b""

    @property
    def ident(self) -> str:
        """Number and name, for reports and tests."""
        return f"{self.number:03}-{self.name.replace(' ', '-')}"


def value(number: int, name: str, text: Any, want: Want = Want.CAUGHT) -> Case:
    """A text (or another JSON value) in a field whose name says nothing."""
    body = json.dumps({"x": text, "n": 1}, ensure_ascii=False).encode()
    hidden = json.dumps(text, ensure_ascii=False).strip('"').encode()
    return Case(number, name, want, body, (hidden,))


def typed(
    number: int,
    name: str,
    media: str,
    body: bytes,
    *hidden: str | bytes,
    want: Want = Want.CAUGHT,
    **headers: str,
) -> Case:
    """A body of some media type."""
    found = tuple(each.encode() if isinstance(each, str) else each for each in hidden)
    more = {name.replace("_", "-"): text for name, text in headers.items()}
    return Case(number, name, want, body, found, headers={"Content-Type": media} | more)
