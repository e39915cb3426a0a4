"""The reverse proxy: `/{route}/{rest}?{query}` in, `{upstream}/{rest}?{query}` out.

Authenticate, read the whole request, let the pipeline decide, send, pass the reply back, note
the outcome. Nothing is sent before the pipeline has returned a `Released`.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import structlog
from aiohttp import ClientError, ClientResponse, web
from aiohttp.web_protocol import RequestPayloadError

from audit_log.errors import AuditUnavailable
from gateway import evidence
from gateway.errors import (
    AuditFailed,
    BadRequest,
    CannotDecide,
    GatewayError,
    MediaRefused,
    MethodRefused,
    TooLarge,
    Unauthorized,
    UpstreamRedirected,
)
from gateway.export import Held, Pipeline, Released, deadline_in
from gateway.http import headers, replies
from gateway.http.callers import KEY_HEADER, Caller, Callers, authorize
from gateway.http.metrics import Metrics
from gateway.http.paths import BadTarget, Target, location_within, parse_target
from gateway.http.upstream import BrokenOff, NothingSent, Upstream
from gateway.parts import Message
from gateway.settings import LimitsSettings
from gateway.transfer import Route, Transfer

METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"})
_WHOLE_REPLY_BYTES: Final = 64 * 1024  # replies up to this size are passed back in one piece

log = structlog.get_logger(__name__)


class Proxy:
    """The handler of the data listener."""

    def __init__(
        self,
        *,
        pipeline: Pipeline,
        callers: Callers,
        routes: Mapping[str, Route],
        upstreams: Mapping[str, Upstream],
        limits: LimitsSettings,
        metrics: Metrics,
    ) -> None:
        """`routes` and `upstreams` have the same keys."""
        self._pipeline = pipeline
        self._callers = callers
        self._routes = routes
        self._upstreams = upstreams
        self._limits = limits
        self._metrics = metrics
        self._strangers: Counter[str] = Counter()
        self._noting: set[asyncio.Task[None]] = set()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; every failure is a problem+json reply."""
        rid = secrets.token_hex(8)
        try:
            caller = self._authenticate(request)
        except Unauthorized as error:
            self._strangers[error.code] += 1
            self._metrics.refused(error.code)
            return replies.reply(error.problem(), {"WWW-Authenticate": KEY_HEADER})
        route = ""
        try:
            target = _target(request)
            authorize(caller, target.route, self._routes)
            route = target.route
            transfer, result = await self._decide(request, rid, caller, target)
        except GatewayError as error:
            return await self._refuse(error, rid, caller, route)
        except Exception as error:
            log.error("no decision", rid=rid, route=route, error=type(error).__name__)
            failure = CannotDecide("the gateway failed; nothing was sent")
            return await self._refuse(failure, rid, caller, route)
        if isinstance(result, Held):
            return replies.reply(replies.held_problem(result), replies.decided(result))
        return await self._send(request, transfer, result)

    async def note_strangers(self) -> None:
        """Write one entry counting the unauthenticated requests since the last."""
        if self._strangers:
            counts, self._strangers = self._strangers, Counter()
            await self._pipeline.audit.append([evidence.counters_entry(counts)])

    async def drain(self) -> None:
        """Wait until every outcome is noted."""
        while self._noting:
            await asyncio.wait(self._noting)

    def _authenticate(self, request: web.BaseRequest) -> Caller:
        return self._callers.authenticate(request.headers.getall(KEY_HEADER, []))

    async def _refuse(
        self, error: GatewayError, rid: str, caller: Caller, route: str
    ) -> web.Response:
        self._metrics.refused(error.code)
        entry = evidence.refusal_entry(
            rid, error.code, error.status, caller=caller.name, route=route
        )
        try:
            receipts = await self._pipeline.audit.append([entry])
        except AuditUnavailable:
            failed = AuditFailed("the audit log cannot be made durable; nothing was sent")
            return replies.reply(failed.problem())
        return replies.reply(error.problem(), {replies.ENTRY: str(receipts[0].seq)})

    async def _decide(
        self, request: web.BaseRequest, rid: str, caller: Caller, target: Target
    ) -> tuple[Transfer, Released | Held]:
        deadline = deadline_in(self._limits.deadline_seconds)
        message = await self._read(request, target, deadline)
        route = self._routes[target.route]
        transfer = Transfer(rid, caller.name, request.method, route, deadline)
        started = time.perf_counter()
        result = await self._pipeline.export(transfer, message)
        self._metrics.decided(route.name, replies.decided(result)[replies.DECISION])
        self._metrics.took(time.perf_counter() - started)
        return transfer, result

    async def _read(self, request: web.BaseRequest, target: Target, deadline: float) -> Message:
        """The request as a message. Raises `TooLarge`, `BadRequest` or `MediaRefused`."""
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise MediaRefused("encoded bodies are not accepted; send the body as it is")
        limit = self._limits.max_body_bytes
        if (request.content_length or 0) > limit:
            raise TooLarge(f"bodies may be up to {limit} bytes")
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(max(deadline - time.monotonic(), 0)):
                async for chunk in request.content.iter_any():
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(f"bodies may be up to {limit} bytes")
                    chunks.append(chunk)
        except TimeoutError as error:
            raise BadRequest("the body did not arrive within the deadline") from error
        except RequestPayloadError as error:
            raise BadRequest("the body ended early or is framed wrongly") from error
        passing = headers.outgoing(request.headers.items())
        return Message(
            segments=target.segments,
            query=target.query,
            headers=tuple(passing),
            body=b"".join(chunks),
            content_type=request.headers.get("Content-Type", ""),
        )

    async def _send(
        self, request: web.BaseRequest, transfer: Transfer, released: Released
    ) -> web.StreamResponse:
        """Send the released message and note what became of it."""
        upstream = self._upstreams[transfer.route.name]
        seconds = max(transfer.deadline - time.monotonic(), 0.001)
        status, facts = "aborted", dict[str, Any]()
        try:
            async with upstream.send(
                request.method, released.message, request.headers.get("Authorization"), seconds
            ) as response:
                status, facts = "delivered", {"http_status": response.status}
                return await self._pass_back(request, transfer, released, response)
        except NothingSent as error:
            status = "failed"
            return replies.reply(error.error.problem(), replies.decided(released))
        except BrokenOff as error:
            return replies.reply(error.error.problem(), replies.decided(released))
        finally:
            self._note(evidence.outcome_entry(released.entry, status, **facts))
            self._metrics.outcome(transfer.route.name, status)

    async def _pass_back(
        self,
        request: web.BaseRequest,
        transfer: Transfer,
        released: Released,
        response: ClientResponse,
    ) -> web.StreamResponse:
        names = replies.decided(released)
        back = headers.returning(response.headers.items())
        location = response.headers.get("Location")
        if location is not None and 300 <= response.status < 400:
            route = transfer.route
            inside = location_within(route.settings.upstream, location, route.name)
            if inside is None:
                error = UpstreamRedirected(
                    "the recipient answered with a redirect out of the route; it was not followed"
                )
                return replies.reply(error.problem(), names)
            back.append(("Location", inside))
        reply_headers = [*back, *names.items()]
        length = response.content_length
        if length is not None and length <= _WHOLE_REPLY_BYTES:
            whole = web.Response(status=response.status, body=await response.read())
            _set_headers(whole, reply_headers)
            return whole
        stream = web.StreamResponse(status=response.status)
        _set_headers(stream, reply_headers)
        await stream.prepare(request)
        try:
            async for chunk in response.content.iter_any():
                await stream.write(chunk)
            await stream.write_eof()
        except (ClientError, TimeoutError):
            # The reply has begun: only a broken connection tells the caller that it is cut short.
            if request.transport is not None:
                request.transport.abort()
        return stream

    def _note(self, entry: dict[str, Any]) -> None:
        """Append an outcome without waiting; a log that fails shows in `healthy`."""
        task = asyncio.get_running_loop().create_task(self._append_outcome(entry))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def _append_outcome(self, entry: dict[str, Any]) -> None:
        try:
            await self._pipeline.audit.append([entry])
        except AuditUnavailable:
            log.error("outcome not written", export=entry["export"], status=entry["status"])


def _target(request: web.BaseRequest) -> Target:
    """The request's route, rest and query. Raises `BadRequest` or `MethodRefused`."""
    if request.method not in METHODS:
        raise MethodRefused(f"the methods are {', '.join(sorted(METHODS))}")
    if "Upgrade" in request.headers:
        raise MethodRefused("switching protocols would carry bytes that cannot be inspected")
    steering = headers.OVERRIDES & {name.lower() for name in request.headers}
    if steering:
        raise BadRequest(f"{min(steering)} would change what was decided on; leave it out")
    try:
        return parse_target(request.raw_path)
    except BadTarget as error:
        raise BadRequest(str(error)) from error


def _set_headers(response: web.StreamResponse, pairs: list[tuple[str, str]]) -> None:
    response.headers.popall("Content-Type", None)
    for name, value in pairs:
        response.headers.add(name, value)
