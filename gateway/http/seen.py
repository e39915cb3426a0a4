"""What is told of a request once it is answered: to metrics and to the access log. No values.

Paths and queries are data, so neither stands here; a route's name does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Final

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


class Lines:
    """A file of lines, written by a thread, so that a slow reader stops no export.

    What is more than may wait is dropped, and a line says how many were.
    """

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name="lines", daemon=True)
        self._thread.start()

    def write(self, line: bytes) -> None:
        """Note one line, or part of one."""
        if self._lines.qsize() >= _WAITING:
            self._dropped += 1
            return
        if self._dropped:
            said, self._dropped = {"event": "lines dropped", "count": self._dropped}, 0
            self._lines.put(msgspec.json.encode(said) + b"\n")
        self._lines.put(line)

    def flush(self) -> None:
        """Nothing: the thread writes as soon as it can."""

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


def to_access_log(write: Callable[[bytes], object]) -> Told:
    """Writes one JSON line a request."""

    def tell(
        seen: Seen, request: web.BaseRequest, response: web.StreamResponse, seconds: float
    ) -> None:
        line = {
            "event": "request",
            "rid": seen.rid,
            "caller": seen.caller,
            "route": seen.route,
            "method": request.method,
            "status": response.status,
            "seconds": round(seconds, 6),
            "bytes_in": request.content.total_bytes,
            "decision": response.headers.get(replies.DECISION, ""),
            "entry": response.headers.get(replies.ENTRY, ""),
            "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }
        write(msgspec.json.encode(line) + b"\n")

    return tell
