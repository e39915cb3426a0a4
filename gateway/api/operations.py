"""What an operation of the API is: one table serves routing, roles and the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from gateway.errors import BadRequest, GatewayError
from gateway.settings import Role

PROBLEM: Final = "application/problem+json"
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query or path parameter. `schema` is a JSON Schema of its text or number."""

    name: str
    about: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    where: str = "query"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the API: who asks, with which parameters."""

    request: web.BaseRequest
    user: str
    values: Mapping[str, str]

    def number(self, name: str, default: int, most: int) -> int:
        """The parameter `name` as a number from 0 to `most`. Raises `BadRequest`."""
        text = self.values.get(name)
        if text is None:
            return default
        if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) > most:
            raise BadRequest(f"{name} must be a whole number up to {most}")
        return int(text)


Handler = Callable[[Call], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` may hold `{names}`. `roles` None: open to everybody who reaches the listener.

    `body` maps media types to types (`bytes` for data as it is); `reply` is the type of a JSON
    reply, or a media type; `errors` are the problems beside those of every operation.
    """

    method: str
    path: str
    about: str
    handler: Handler
    reply: Any
    roles: frozenset[Role] | None = None
    parameters: tuple[Parameter, ...] = ()
    body: Mapping[str, Any] | None = None
    errors: tuple[type[GatewayError], ...] = ()

    @property
    def name(self) -> str:
        """The operation's id: its method and path in letters."""
        return "_".join([self.method.lower(), *re.findall(r"[a-z0-9]+", self.path)])

    def pattern(self) -> re.Pattern[str]:
        """What its paths look like."""
        parts = re.split(r"(\{[a-z]+\})", self.path)
        return re.compile(
            "".join(
                f"(?P<{part[1:-1]}>{'.+' if part == '{path}' else '[^/]+'})"
                if part.startswith("{")
                else re.escape(part)
                for part in parts
            )
        )
