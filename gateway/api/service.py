"""The handler of the admin listener: finds the operation, checks the role, answers problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import structlog
from aiohttp import web

from gateway.api.operations import Call, Operation
from gateway.errors import (
    BadRequest,
    CannotDecide,
    GatewayError,
    NotAllowed,
    NotFound,
    RoleForbidden,
    Unauthorized,
)
from gateway.http import replies
from gateway.http.access import Access
from gateway.http.callers import header_secret
from gateway.http.connection import peer_subject
from gateway.http.framing import check_framing
from gateway.http.metrics import Metrics

log = structlog.get_logger(__name__)

_HOW: Final = "send your key or token as Silkgate-Key or Authorization: Bearer"


@dataclass(slots=True)
class Called:
    """What is told of a request once it is answered; names are "" until they are known."""

    user: str = ""
    operation: str = ""


class Service:
    """Answers by a table of operations; `access` gives the users of this moment."""

    def __init__(
        self, operations: Sequence[Operation], access: Callable[[], Access], metrics: Metrics
    ) -> None:
        self._metrics = metrics
        self._operations = [(each.pattern(), each) for each in operations]
        self._access = access

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; every failure is a problem+json reply."""
        called = Called()
        response = await self._answer(request, called)
        self._metrics.called(called.operation, response.status)
        if called.user:
            log.info("api", user=called.user, operation=called.operation, status=response.status)
        return response

    async def _answer(self, request: web.BaseRequest, called: Called) -> web.StreamResponse:
        try:
            check_framing(request)
            operation, values = self._operation(request)
            called.operation = operation.name
            if operation.roles is not None:
                called.user = self._user(request, operation)
            values |= _query(request, operation)
            return await operation.handler(Call(request, called.user, values))
        except Unauthorized as error:
            return replies.reply(error.problem(), {"WWW-Authenticate": "Silkgate-Key, Bearer"})
        except NotAllowed as error:
            return replies.reply(error.problem(), {"Allow": ", ".join(error.methods)})
        except GatewayError as error:
            return replies.reply(error.problem())
        except Exception as error:
            log.error("request failed", operation=called.operation, error=type(error).__name__)
            return replies.reply(CannotDecide("the gateway failed to answer").problem())

    def _operation(self, request: web.BaseRequest) -> tuple[Operation, dict[str, str]]:
        here = [
            (each, match)
            for pattern, each in self._operations
            if (match := pattern.fullmatch(request.path))
        ]
        if not here:
            raise NotFound("there is nothing at this path; /v1/openapi.json lists what there is")
        method = "GET" if request.method == "HEAD" else request.method
        for operation, match in here:
            if operation.method == method:
                return operation, match.groupdict()
        raise NotAllowed(sorted({each.method for each, _ in here}))

    def _user(self, request: web.BaseRequest, operation: Operation) -> str:
        access = self._access()
        secret = header_secret(request) or _bearer(request)
        if secret is not None:
            name = access.users.of_secret(secret)
        else:
            name = access.users.of_certificate(peer_subject(request), _HOW)
        allowed = (operation.roles or frozenset()) | {"admin"}
        if not allowed & access.roles[name]:
            raise RoleForbidden(f"this needs one of the roles {', '.join(sorted(allowed))}")
        return name


def _query(request: web.BaseRequest, operation: Operation) -> dict[str, str]:
    """The query's parameters, each known and once. Raises `BadRequest`."""
    known = {parameter.name for parameter in operation.parameters if parameter.where == "query"}
    query = request.query
    if len(query) != len(set(query)) or not set(query) <= known:
        listing = ", ".join(sorted(known)) or "none"
        raise BadRequest(f"the parameters here are: {listing}; each may stand once")
    missing = [p.name for p in operation.parameters if p.required and p.name not in query]
    if missing:
        raise BadRequest(f"the parameter {missing[0]} is missing")
    return dict(query)


def _bearer(request: web.BaseRequest) -> str | None:
    values = request.headers.getall("Authorization", [])
    match = re.fullmatch(r"(?i:bearer) +(\S+)", values[0].strip()) if len(values) == 1 else None
    return match[1] if match else None


def json(value: object, headers: Mapping[str, str] | None = None) -> web.Response:
    """`value` as a JSON reply."""
    return web.Response(
        body=msgspec.json.encode(value), content_type="application/json", headers=headers
    )
