"""Record streams on the data listener: groups go on to the recipient as they are released."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final

import structlog
from aiohttp import ClientResponse, web

from gateway.errors import CannotDecide, GatewayError, UpstreamFailed, UpstreamTimeout
from gateway.export.counters import Counters
from gateway.export.idempotency import RequestDigest
from gateway.export.pipeline import Held
from gateway.export.reviews import Grant, Reviews, begun_digest
from gateway.http import reading, replies
from gateway.http.approvals import approved_stream
from gateway.http.exchange import Exchange
from gateway.http.limits import Limits
from gateway.http.metrics import Metrics
from gateway.http.notes import Notes
from gateway.http.passing import pass_back
from gateway.http.restoring import restoring
from gateway.http.retries import Attempt
from gateway.http.upstream import BrokenOff, NothingSent
from gateway.ports import AuditSink
from gateway.streams.delivery import Delivery
from gateway.streams.groups import cuts
from gateway.streams.lines import LineCutter
from gateway.streams.stream import Portion, Ranges, Stream
from gateway.streams.streams import Streams
from gateway.treatment.stand_ins import joined
from policies.model import Outcome

QUARANTINED: Final = "Silkgate-Quarantined"
QUARANTINED_RECORDS: Final = "Silkgate-Quarantined-Records"
_HEADER_RANGES: Final = 50
_REFUSING: Final = 400  # an answer from here on may come before the recipient has read all

log = structlog.get_logger(__name__)


class Streaming:
    """Answers requests whose body is a stream of records."""

    def __init__(
        self,
        streams: Streams,
        *,
        reviews: Reviews,
        limits: Limits,
        metrics: Metrics,
        counters: Counters,
        notes: Notes,
    ) -> None:
        self._streams, self._reviews, self._limits = streams, reviews, limits
        self._metrics, self._notes = metrics, notes
        self.counters = counters

    async def answer(self, exchange: Exchange, tried: Attempt | None) -> web.StreamResponse:
        """Decide and send. Raises a `GatewayError` where nothing was sent."""
        flows = self._streams.flows(exchange.transfer.route.settings)
        with approved_stream(self._reviews, exchange.request, exchange.transfer, flows=flows) as (
            transfer,
            grant,
        ):
            return await self._answer(replace(exchange, transfer=transfer), tried, grant)

    async def _answer(
        self, exchange: Exchange, tried: Attempt | None, grant: Grant | None
    ) -> web.StreamResponse:
        transfer = exchange.transfer
        limit = exchange.within(self._limits.stream_bytes)
        body = reading.chunks(exchange.request, limit=limit, deadline=transfer.deadline)
        if tried:
            body = tried.reading(body)
            if tried.known:
                async for _ in body:
                    pass
                return tried.replay(tried.known)
        digest = begun_digest(self._streams.stages.keys, transfer, exchange.head)
        ident = secrets.token_hex(16)
        stream = Stream(
            ident,
            ident,
            transfer,
            exchange.head,
            self._limits.export_seconds,
            tried.key_fact() if tried else {},
            request=digest,
            grant=grant,
        )
        try:
            lines = cuts(_fed(body, digest), LineCutter())
            async with self._streams.open(stream, lines) as opened:
                if isinstance(opened, Held):
                    return self._held(stream, opened)
                self._metrics.decided(transfer.route.name, Outcome.ALLOW.value)
                return await _Sending(self, exchange, stream, tried).send(opened)
        except GatewayError as error:
            error.records = stream.account.left
            raise

    def _held(self, stream: Stream, held: Held) -> web.Response:
        names = replies.decided(held) | quarantined(stream)
        self._metrics.decided(stream.transfer.route.name, names[replies.DECISION])
        return replies.reply(replies.held_problem(held), names)

    @property
    def audit(self) -> AuditSink:
        """Where restorations are noted."""
        return self._streams.stages.audit

    def note(self, stream: Stream, delivery: Delivery, status: str, **facts: Any) -> None:
        """Write what became of the groups."""
        closing = delivery.close(self._streams.stages.audit, status, **facts)
        self._notes.take(delivery.first_entry, closing)
        self._metrics.outcome(stream.transfer.route.name, status)


class _Sending:
    """One stream on its way to the recipient."""

    def __init__(
        self,
        streaming: Streaming,
        exchange: Exchange,
        stream: Stream,
        tried: Attempt | None,
    ) -> None:
        self._streaming, self._exchange, self._stream = streaming, exchange, stream
        self._tried = tried
        self._delivery = Delivery(stream, streaming.counters)
        self._failure: GatewayError | None = None  # of ours, on the way
        self._ended = asyncio.Event()

    async def send(self, portions: AsyncIterator[Portion]) -> web.StreamResponse:
        """Send all groups in one request; if one fails, the request is left without its end."""
        request, transfer = self._exchange.request, self._exchange.transfer
        status, facts = "aborted", dict[str, Any]()
        try:
            async with self._exchange.upstream.send(
                request.method,
                self._stream.head,
                request.headers.get("Authorization"),
                max(transfer.deadline - time.monotonic(), 0.001),
                self._carried(portions),
            ) as response:
                facts["http_status"] = response.status
                await self._finished(response)
                if self._delivery.complete:
                    status = "delivered"
                elif self._failure is not None:
                    return self._broken(self._failure)
                turned = restoring(
                    self._streaming.audit,
                    self._delivery.first_entry or 0,
                    self._exchange,
                    joined(self._stream.stand_ins),
                    response,
                )
                return await pass_back(self._exchange, self._names(), response, turned)
        except NothingSent as error:
            status = "failed"
            return self._broken(error.error)
        except BrokenOff as error:
            return self._broken(self._failure or error.error)
        finally:
            if self._tried and self._delivery.complete:
                facts |= self._tried.fact()
            self._streaming.note(self._stream, self._delivery, status, **facts)

    async def _carried(self, portions: AsyncIterator[Portion]) -> AsyncIterator[bytes]:
        try:
            async for body in self._delivery.bodies(portions):
                yield body
        except GatewayError as error:
            self._failure = error
            raise
        except Exception as error:
            log.error("stream broken", rid=self._stream.transfer.rid, error=type(error).__name__)
            self._failure = CannotDecide("the gateway failed; the rest was not sent")
            raise
        finally:
            self._ended.set()

    async def _finished(self, response: ClientResponse) -> None:
        """Wait until all groups are sent; a recipient that has refused is sent no more."""
        if response.status >= _REFUSING:
            return
        seconds = max(self._stream.transfer.deadline - time.monotonic(), 0.001)
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except TimeoutError as error:
            failure = UpstreamTimeout("the recipient did not take the stream in time")
            raise BrokenOff(failure) from error
        if not self._delivery.complete and self._failure is None:
            raise BrokenOff(UpstreamFailed("the recipient broke off the exchange"))

    def _broken(self, error: GatewayError) -> web.Response:
        """What the caller is told when the stream ended early: also how far it had come."""
        problem = error.problem()
        problem.extra["sent"] = [list(pair) for pair in self._delivery.sent()]
        return replies.reply(problem, self._names())

    def _names(self) -> dict[str, str]:
        return {
            replies.DECISION: Outcome.ALLOW.value,
            replies.DECISION_ID: self._stream.ident,
            replies.ENTRY: str(self._delivery.first_entry),
        } | quarantined(self._stream)


async def _fed(body: AsyncIterator[bytes], digest: RequestDigest) -> AsyncIterator[bytes]:
    """`body`, taken into `digest` on its way."""
    async for chunk in body:
        digest.update(chunk)
        yield chunk


def quarantined(stream: Stream) -> dict[str, str]:
    """The headers that name the records held back, counted from 0; the log names them all."""
    account = stream.account
    if not account.quarantined:
        return {}
    names = _listing(account.held[:_HEADER_RANGES])
    more = "," if len(account.held) > _HEADER_RANGES else ""
    return {QUARANTINED: str(account.quarantined), QUARANTINED_RECORDS: names + more}


def _listing(ranges: Ranges) -> str:
    return ",".join(
        str(first) if end == first + 1 else f"{first}-{end - 1}" for first, end in ranges
    )
