"""Operations about the gateway itself; health and metrics are open to whoever reaches it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from aiohttp import web
from msgspec import Struct

from gateway.api.operations import Call, Operation
from gateway.api.service import json
from gateway.errors import NotReloaded
from gateway.http.metrics import Metrics

Readiness = Callable[[], Mapping[str, str]]  # part -> what is wrong with it; empty when ready


class Health(Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(Struct, frozen=True):
    """Whether exports can be decided; `parts` says what is unready and why.

    `warnings` says what else is wrong.
    """

    status: Literal["ready", "unready"]
    parts: dict[str, str]
    warnings: dict[str, str]


class Reloaded(Struct, frozen=True):
    """The policy revision now in force."""

    revision: str


class StatusOperations:
    """Health, readiness, metrics, reload."""

    def __init__(
        self,
        readiness: Readiness,
        warnings: Readiness,
        reload: Callable[[], Awaitable[str]],
        metrics: Metrics,
    ) -> None:
        """`reload` gives the revision in force, or raises `NotReloaded`."""
        self._readiness, self._warnings = readiness, warnings
        self._reload, self._metrics = reload, metrics

    def table(self) -> list[Operation]:
        """The operations."""
        return [
            Operation("GET", "/healthz", "Whether the process answers", self.healthz, Health),
            Operation("GET", "/readyz", "Whether exports can be decided, else 503", self.readyz,
                      Ready),
            Operation("GET", "/metrics", "Prometheus metrics", self.metrics, "text/plain"),
            Operation(
                "POST", "/v1/reload", "Read configuration and policies anew",
                self.reload, Reloaded, frozenset({"policy"}), errors=(NotReloaded,),
            ),
        ]  # fmt: skip

    async def healthz(self, _: Call) -> web.Response:
        """Alive."""
        return json(Health())

    async def readyz(self, _: Call) -> web.Response:
        """200 or 503."""
        wrong = dict(self._readiness())
        self._metrics.ready(yes=not wrong)
        response = json(Ready("unready" if wrong else "ready", wrong, dict(self._warnings())))
        response.set_status(503 if wrong else 200)
        return response

    async def reload(self, _: Call) -> web.Response:
        """The revision."""
        return json(Reloaded(await self._reload()))

    async def metrics(self, _: Call) -> web.Response:
        """The text format."""
        self._metrics.ready(yes=not self._readiness())
        body = self._metrics.exposition()
        return web.Response(body=body, content_type="text/plain", charset="utf-8")


def openapi(document: Callable[[], dict[str, Any]]) -> Operation:
    """The operation that describes all operations."""

    async def get(_: Call) -> web.Response:
        return json(document())

    return Operation("GET", "/v1/openapi.json", "This document", get, dict[str, Any])
