"""Operations on data that is sent along: nothing leaves, nothing is kept or logged of it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from aiohttp import web
from msgspec import Struct

from classifiers.model import DetectionIncomplete
from gateway.api.operations import JSON, Call, Operation, Parameter
from gateway.api.service import json
from gateway.codecs.model import MalformedBody, UnsupportedCharset, UnsupportedMedia
from gateway.engines import Policy
from gateway.errors import BadRequest, CannotDecide, MediaRefused, NotFound
from gateway.export import parts
from gateway.export.parts import Message
from gateway.export.pipeline import Pipeline
from gateway.export.stages import deadline_in
from gateway.export.transfer import Transfer, china_today
from gateway.export.trial import trial
from gateway.export.work import off_loop
from gateway.findings import RecordFindings, by_record
from gateway.http import reading, replies
from gateway.http.access import Access
from gateway.http.limits import Limits
from policies.explain import Explanation, explain
from policies.model import Decision, Outcome, PolicyInput, PolicyUnavailable, decode_input

_RECORDS: Final = Parameter("records", "JSON Pointer to the array of records inside the body")


_DATA: Final = dict.fromkeys(
    (JSON, "application/x-ndjson", "application/xml", "text/csv", "text/plain"), bytes
)


class Inspected(Struct, frozen=True):
    """That everything was looked at: bytes, cells, different values, detectors that ran."""

    bytes: int
    cells: int
    values: int
    detectors: int


class Classified(Struct, frozen=True):
    """The findings of each record."""

    records: list[RecordFindings]
    inspection: Inspected


class DataOperations:
    """Classify, decide, desensitize, by the detectors, policies and routes of the moment."""

    def __init__(
        self,
        pipeline: Callable[[], Pipeline],
        policy: Callable[[], Policy],
        access: Callable[[], Access],
        limits: Limits,
    ) -> None:
        self._pipeline, self._policy = pipeline, policy
        self._access, self._limits = access, limits

    def table(self) -> list[Operation]:
        """The operations."""
        return [
            Operation(
                "POST", "/v1/classify", "Which categories of data a body holds, and where",
                self.classify, Classified, frozenset({"caller", "policy"}), (_RECORDS,),
                {**_DATA}, (CannotDecide,),
            ),
            Operation(
                "POST", "/v1/decide", "What the policy in force says of a policy input",
                self.decide, Decision, frozenset({"policy"}), (), {JSON: PolicyInput},
                (CannotDecide,),
            ),
            Operation(
                "POST", "/v1/decide/explain",
                "The same, with rules, facts and articles, and what would let it leave",
                self.explain, Explanation, frozenset({"policy"}), (), {JSON: PolicyInput},
                (CannotDecide,),
            ),
            Operation(
                "POST", "/v1/desensitize",
                "A body as it would leave on a route now, neither sent nor counted; else 403",
                self.desensitize, "*/*", frozenset({"caller", "policy"}),
                (Parameter("route", "On which route's terms", required=True),),
                {**_DATA}, (NotFound, CannotDecide),
            ),
        ]  # fmt: skip

    async def classify(self, call: Call) -> web.Response:
        """Findings by record."""
        message = await self._message(call)
        records = call.values.get("records", "")
        if records and not records.startswith("/"):
            raise BadRequest("records is not a JSON Pointer (RFC 6901)")
        return json(await off_loop(message, self._classified, message, records))

    def _classified(self, message: Message, records: str) -> Classified:
        deadline = deadline_in(self._limits.export_seconds)
        try:
            batch = parts.decode(message, records=records).batch
            found = self._pipeline().classifier.classify(
                batch, deadline=deadline, on=china_today(datetime.now(UTC))
            )
        except MalformedBody as error:
            raise BadRequest(str(error)) from error
        except (UnsupportedMedia, UnsupportedCharset) as error:
            raise MediaRefused(str(error)) from error
        except DetectionIncomplete as error:
            raise CannotDecide(f"classification did not finish: {error}") from error
        seen = found.inspection
        if seen.skipped:
            raise CannotDecide("classification left something out")
        inspected = Inspected(seen.bytes, seen.cells, seen.values, len(seen.detectors))
        return Classified(by_record(batch, found), inspected)

    async def decide(self, call: Call) -> web.Response:
        """A decision; nobody is counted."""
        question = await self._question(call)
        try:
            return json(await self._pipeline().engine.decide(question))
        except PolicyUnavailable as error:
            raise CannotDecide(f"the policy gave no decision: {error}") from error

    async def explain(self, call: Call) -> web.Response:
        """A decision, as `silkgate decide --explain` tells it; nobody is counted."""
        question, policy = await self._question(call), self._policy()
        loop, deadline = asyncio.get_running_loop(), deadline_in(self._limits.export_seconds)

        def decide(asked: PolicyInput) -> Decision:
            answer = asyncio.run_coroutine_threadsafe(policy.engine.decide(asked), loop)
            return answer.result(max(deadline - time.monotonic(), 0))

        try:
            return json(await asyncio.to_thread(explain, policy.bundle, decide, question))
        except PolicyUnavailable as error:
            raise CannotDecide(f"the policy gave no decision: {error}") from error
        except TimeoutError as error:
            raise CannotDecide("it was not explained within the deadline") from error

    async def _question(self, call: Call) -> PolicyInput:
        """The policy input that is sent. Raises `BadRequest` or `MediaRefused`."""
        message = await self._message(call)
        if message.media != JSON:
            raise MediaRefused(f"send {JSON}")
        try:
            return decode_input(message.body)
        except msgspec.DecodeError as error:
            raise BadRequest(f"the body is not a policy input: {error}") from error

    async def desensitize(self, call: Call) -> web.Response:
        """The treated body, or 403 with the reasons."""
        route = self._access().routes.get(call.values["route"])
        if route is None:
            raise NotFound("there is no such route")
        message = await self._message(call)
        seconds = self._limits.export_seconds
        transfer = Transfer(secrets.token_hex(8), call.user, "POST", route, deadline_in(seconds))
        tried = await trial(self._pipeline(), transfer, message)
        names: dict[str, Any] = {replies.DECISION: tried.ruling.outcome.value}
        if tried.body is None:
            review = tried.ruling.outcome is Outcome.REVIEW
            problem = replies.withheld(tried.ruling, tried.ruling.reasons(), review=review)
            return replies.reply(problem, names)
        names["Content-Type"] = message.content_type
        return web.Response(body=tried.body, headers=names)

    async def _message(self, call: Call) -> Message:
        """The request's body as a message. Raises `BadRequest`, `TooLarge` or `MediaRefused`."""
        deadline = deadline_in(self._limits.export_seconds)
        body = reading.chunks(call.request, limit=self._limits.body_bytes, deadline=deadline)
        pieces = [chunk async for chunk in body]
        media = call.request.headers.get("Content-Type", "")
        message = Message((), "", (), b"".join(pieces), media)
        if not message.body:
            raise BadRequest("the body is empty")
        return message
