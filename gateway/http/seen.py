"""What is told of a request once it is answered: to metrics and to the access log. No values.

Paths and queries are data, so neither stands here; a route's name does.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Any, Final

import msgspec
from aiohttp import web

from gateway.http import replies
from gateway.http.connection import Handler
from gateway.http.metrics import Metrics

_WAITING: Final = 10_000  # lines that may wait for a slow reader; what is more is dropped


@dataclass(slots=True)
class Seen:
    """One request on the data listener; names are "" until they are known."""

    rid: str
    caller: str = ""
    route: str = ""


SEEN: Final = web.RequestKey("seen", Seen)
Told = Callable[[Seen, web.BaseRequest, web.StreamResponse, float], None]


def telling(handler: Handler, *told: Told) -> Handler:
    """`handler`, whose answers each of `told` hears about, with the seconds they took."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        started = time.perf_counter()
        response = await handler(request)
        seconds = time.perf_counter() - started
        for tell in told:
            tell(request[SEEN], request, response, seconds)
        return response

    return handle


def to_metrics(metrics: Metrics) -> Told:
    """Counts requests by caller, route and status."""

    def tell(
        seen: Seen, request: web.BaseRequest, response: web.StreamResponse, seconds: float
    ) -> None:
        metrics.answered(seen.caller, seen.route, response.status, seconds)
        metrics.moved(seen.route, request.content.total_bytes, response.content_length or 0)

    return tell


class AccessLog:
    """Writes one JSON line a request, in a thread, so that a slow reader stops no export."""

    def __init__(self, write: Callable[[bytes], object] = sys.stdout.buffer.write) -> None:
        self._write = write
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
        self._thread.start()

    def __call__(
        self, seen: Seen, request: web.BaseRequest, response: web.StreamResponse, seconds: float
    ) -> None:
        """Note one request."""
        if self._lines.qsize() >= _WAITING:
            self._dropped += 1
            return
        headers = response.headers
        self._put(
            event="request",
            rid=seen.rid,
            caller=seen.caller,
            route=seen.route,
            method=request.method if request.method.isalpha() else "",
            status=response.status,
            seconds=round(seconds, 6),
            bytes_in=request.content.total_bytes,
            decision=headers.get(replies.DECISION, ""),
            entry=headers.get(replies.ENTRY, ""),
        )

    def _put(self, **facts: Any) -> None:
        if self._dropped:
            facts["dropped_before"], self._dropped = self._dropped, 0
        facts["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        self._lines.put(msgspec.json.encode(facts) + b"\n")

    def close(self) -> None:
        """Write what waits, for a second at most."""
        self._lines.put(None)
        self._thread.join(timeout=1)

    def _run(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._write(line)
            except (OSError, ValueError):  # the reader is gone; the audit log is not here
                return
