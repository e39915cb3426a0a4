"""The proxy: `/{route}/{rest}?{query}` in, `{upstream}/{rest}?{query}` out.

Absolute-form requests (the forward proxy) go to the one route of their host.

Authenticate, read the whole request, let the pipeline decide, send, pass the reply back, note
the outcome. Nothing is sent before the pipeline has returned a `Released`.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import Any

import structlog
from aiohttp import web

from audit_log.errors import AuditUnavailable
from gateway.errors import (
    AuditFailed,
    BadRequest,
    CannotDecide,
    GatewayError,
    TooManyRequests,
    Unauthorized,
)
from gateway.export import evidence
from gateway.export.counters import Counters
from gateway.export.idempotency import Retries
from gateway.export.parts import Message
from gateway.export.pipeline import Held, Pipeline, Released, deadline_in
from gateway.export.reviews import Reviews
from gateway.export.transfer import Transfer
from gateway.http import headers, reading, replies
from gateway.http.access import Access
from gateway.http.approvals import approved
from gateway.http.callers import Caller, authorize
from gateway.http.exchange import Exchange
from gateway.http.forward import Hosts
from gateway.http.framing import check_framing, check_method
from gateway.http.limits import Limits
from gateway.http.metrics import Metrics
from gateway.http.notes import Notes
from gateway.http.passing import pass_back
from gateway.http.paths import BadTarget, Target, parse_target
from gateway.http.restoring import restoring
from gateway.http.retries import Attempt, attempt
from gateway.http.seen import SEEN, Seen
from gateway.http.streaming import Streaming
from gateway.http.upstream import BrokenOff, NothingSent
from gateway.streams.lines import is_stream
from gateway.streams.streams import Streams

log = structlog.get_logger(__name__)


class Proxy:
    """The handler of the data listener."""

    def __init__(
        self,
        access: Access,
        *,
        pipeline: Pipeline,
        streams: Streams,
        retries: Retries,
        reviews: Reviews,
        limits: Limits,
        metrics: Metrics,
        counters: Counters,
    ) -> None:
        """`access` may be replaced at any time; a request keeps the one it began with."""
        self.access = access
        self._limits = limits
        self._retries = retries
        self._reviews = reviews
        self._metrics = metrics
        self._counters = counters
        self._notes = Notes()
        self.use(pipeline, streams)

    def use(self, pipeline: Pipeline, streams: Streams) -> None:
        """Decide by these from now on; what is under way goes on with what it began with."""
        self._pipeline = pipeline
        self._streaming = Streaming(
            streams,
            reviews=self._reviews,
            limits=self._limits,
            metrics=self._metrics,
            counters=self._counters,
            notes=self._notes,
        )

    def admit(self, access: Access) -> None:
        """Let in by `access` from now on; what is under way goes on with what it began with."""
        self.access = access

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; every failure is a problem+json reply."""
        access = self.access
        request[SEEN] = seen = Seen(secrets.token_hex(8))
        response = await self._handle(request, access, seen)
        if not response.prepared:
            response.headers[replies.REQUEST_ID] = seen.rid
        return response

    async def _handle(
        self, request: web.BaseRequest, access: Access, seen: Seen
    ) -> web.StreamResponse:
        forward = not request.raw_path.startswith("/")
        try:
            check_framing(request)
            caller = access.callers.authenticate(request, forward=forward)
        except GatewayError as error:
            self.stranger(error.code)
            return _turned_away(error)
        seen.caller = caller.name
        try:
            with caller.allowance.request():
                return await self._admitted(request, seen, access, caller, forward=forward)
        except TooManyRequests as error:
            self.stranger(error.code)  # an entry each would let the caller fill the log
            return replies.reply(error.problem(), {"Retry-After": str(error.wait)})

    async def _admitted(
        self, request: web.BaseRequest, seen: Seen, access: Access, caller: Caller, *, forward: bool
    ) -> web.StreamResponse:
        try:
            target = _target(request, access.hosts if forward else None)
            authorize(caller, target.route, access.routes)
            seen.route = target.route
            exchange = self._exchange(request, seen.rid, access, caller, target)
            with attempt(self._retries, request, caller.name, target.route) as tried:
                return await self._answer(exchange, tried)
        except GatewayError as error:
            return await self._refuse(error, seen)
        except Exception as error:
            log.error("no decision", rid=seen.rid, route=seen.route, error=type(error).__name__)
            failure = CannotDecide("the gateway failed; nothing was sent")
            return await self._refuse(failure, seen)

    def stranger(self, code: str) -> None:
        """Count a request of nobody known, or over its caller's rate."""
        self._counters.stranger(code)
        self._metrics.refused(code)

    async def drain(self) -> None:
        """Wait until every outcome is noted."""
        await self._notes.drain()

    def _exchange(
        self, request: web.BaseRequest, rid: str, access: Access, caller: Caller, target: Target
    ) -> Exchange:
        fields = headers.outgoing(request.headers.items())
        media = next((value for name, value in fields if name == "content-type"), "")
        streamed = request.can_read_body and is_stream(media)
        seconds = self._limits.stream_seconds if streamed else self._limits.export_seconds
        route = access.routes[target.route]
        transfer = Transfer(rid, caller.name, request.method, route, deadline_in(seconds))
        coding = reading.coding(request)
        head = Message(target.segments, target.query, tuple(fields), b"", media, coding)
        upstream = access.upstreams[route.name]
        return Exchange(request, caller, target, transfer, head, upstream, streamed)

    async def _refuse(self, error: GatewayError, seen: Seen) -> web.Response:
        self._metrics.refused(error.code)
        entry = evidence.refusal_entry(
            seen.rid,
            error.code,
            error.status,
            caller=seen.caller,
            route=seen.route,
            records=error.records,
        )
        try:
            receipts = await self._pipeline.audit.append([entry])
        except AuditUnavailable:
            failed = AuditFailed("the audit log cannot be made durable; nothing was sent")
            return replies.reply(failed.problem())
        return replies.reply(error.problem(), {replies.ENTRY: str(receipts[0].seq)})

    async def _answer(self, exchange: Exchange, tried: Attempt | None) -> web.StreamResponse:
        if exchange.streamed:
            return await self._streaming.answer(exchange, tried)
        request, transfer = exchange.request, exchange.transfer
        limit = exchange.within(self._limits.body_bytes)
        body = reading.chunks(request, limit=limit, deadline=transfer.deadline)
        pieces = [chunk async for chunk in (tried.reading(body) if tried else body)]
        if tried and tried.known:
            return tried.replay(tried.known)
        started = time.perf_counter()
        extra = tried.fact() if tried else None
        message = replace(exchange.head, body=b"".join(pieces))
        review = approved(self._reviews, self._pipeline, request, transfer, message)
        with review as (allowed, granted):
            result = await self._pipeline.export(allowed, message, {**(extra or {}), **granted})
        self._metrics.decided(transfer.route.name, replies.decided(result)[replies.DECISION])
        self._metrics.took(time.perf_counter() - started)
        if isinstance(result, Held):
            return replies.reply(replies.held_problem(result), replies.decided(result))
        return await self._send(exchange, result)

    async def _send(self, exchange: Exchange, released: Released) -> web.StreamResponse:
        """Send the released message and note what became of it."""
        request, transfer = exchange.request, exchange.transfer
        seconds = max(transfer.deadline - time.monotonic(), 0.001)
        status, facts = "aborted", dict[str, Any]()
        self._counters.forward()
        try:
            async with exchange.upstream.send(
                request.method, released.message, request.headers.get("Authorization"), seconds
            ) as response:
                status, facts = "delivered", {"http_status": response.status}
                turned = restoring(
                    self._pipeline.audit, released.entry, exchange, released.stand_ins, response
                )
                return await pass_back(exchange, replies.decided(released), response, turned)
        except NothingSent as error:
            status = "failed"
            return replies.reply(error.error.problem(), replies.decided(released))
        except BrokenOff as error:
            return replies.reply(error.error.problem(), replies.decided(released))
        finally:
            outcome = evidence.outcome_entry(released.entry, status, **facts)
            self._notes.outcome(self._pipeline.audit, released.entry, outcome)
            self._metrics.outcome(transfer.route.name, status)


def _target(request: web.BaseRequest, hosts: Hosts | None) -> Target:
    """The request's route, rest and query; by `hosts` where it is in absolute form.

    Raises `MethodRefused`, `BadRequest` or `RouteForbidden`.
    """
    check_method(request)
    try:
        return (hosts.target if hosts else parse_target)(request.raw_path)
    except BadTarget as error:
        raise BadRequest(str(error)) from error


def _turned_away(error: GatewayError) -> web.Response:
    """The reply to nobody known; what cannot be read for sure ends the connection."""
    if isinstance(error, Unauthorized):
        return replies.reply(error.problem(), dict(error.challenge))
    response = replies.reply(error.problem())
    response.force_close()
    return response
