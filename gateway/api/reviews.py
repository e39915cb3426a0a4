"""Operations on exports that a person must decide on, and on records in the quarantine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Any, Final, Literal

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from audit_log.errors import AuditUnavailable
from audit_log.log import wall_clock_us
from classifiers.model import DetectionIncomplete
from gateway.api.operations import JSON, Call, Operation, Parameter
from gateway.api.service import json
from gateway.codecs.registry import decoder_for
from gateway.errors import (
    ApprovalUnusable,
    AuditFailed,
    BadRequest,
    CannotDecide,
    MediaRefused,
    NotFound,
    Unprocessable,
)
from gateway.export import evidence
from gateway.export.pipeline import Released
from gateway.export.reviews import MOST_SECONDS, Grant, Review, Reviews
from gateway.export.stages import deadline_in
from gateway.http import reading, replies
from gateway.http.access import Access
from gateway.http.limits import Limits
from gateway.settings import Role
from gateway.streams.releasing import Releasing, StillHeld
from policies.model import Outcome

_DECIDE: Final[frozenset[Role]] = frozenset({"policy"})
_LOOK: Final[frozenset[Role]] = frozenset({"policy", "auditor"})
_ID: Final = Parameter(
    "id", "Id of the review: the decision's, with a group in a stream", where="path"
)
_BODY: Final = 4096  # bytes of a statement
_US: Final = 1_000_000

State = Literal["waiting", "approved", "denied", "used", "ended"]


class Statement(Struct, frozen=True, forbid_unknown_fields=True):
    """Why, in words that name nobody: they stand in the audit log for good."""

    why: Annotated[str, Meta(min_length=1, max_length=500)]


class ApprovalStatement(Statement, frozen=True, forbid_unknown_fields=True):
    """Why, and for how many hours it holds."""

    hours: Annotated[int, Meta(ge=1, le=MOST_SECONDS // 3600)] = 24


class ReviewDocument(Struct, frozen=True):
    """One review. `by`: who approves it now; `kept`: its records lie in the quarantine."""

    id: str
    entry: int
    at_us: int
    state: State
    route: str
    caller: str
    media: str
    records: int
    reasons: list[str]
    categories: list[str]
    by: list[str]
    kept: bool


class ReviewOperations:
    """List, approve, deny, release."""

    def __init__(
        self,
        reviews: Reviews,
        releasing: Callable[[], Releasing],
        access: Callable[[], Access],
        limits: Limits,
    ) -> None:
        self._reviews, self._releasing = reviews, releasing
        self._access, self._limits = access, limits

    def table(self) -> list[Operation]:
        """The operations."""
        return [
            Operation(
                "GET", "/v1/reviews", "Exports that a person must decide on, oldest first",
                self.list, list[ReviewDocument], _LOOK,
            ),
            Operation(
                "POST", "/v1/reviews/{id}/approve",
                "Let the very same request leave once, under the policy of its decision",
                self.approve, ReviewDocument, _DECIDE, (_ID,), {JSON: ApprovalStatement},
                (NotFound, Unprocessable, CannotDecide, AuditFailed),
            ),
            Operation(
                "POST", "/v1/reviews/{id}/deny", "Say that it may not leave", self.deny,
                ReviewDocument, _DECIDE, (_ID,), {JSON: Statement},
                (NotFound, Unprocessable, CannotDecide, AuditFailed),
            ),
            Operation(
                "POST", "/v1/reviews/{id}/release",
                "Records from the quarantine as they leave now; else 403. They are kept no longer",
                self.release, "*/*", _DECIDE, (_ID,), None,
                (NotFound, ApprovalUnusable, CannotDecide, AuditFailed),
            ),
        ]  # fmt: skip

    async def list(self, call: Call) -> web.Response:
        """Every review within the window."""
        del call
        now_us = wall_clock_us()
        return json([_document(review, now_us) for review in self._reviews.all()])

    async def approve(self, call: Call) -> web.Response:
        """One person's approval; policy may want two persons'."""
        stated = await self._stated(call, ApprovalStatement)
        return await self._say(call, "approve", stated.why, stated.hours * 3600)

    async def deny(self, call: Call) -> web.Response:
        """One person's denial outweighs all approvals."""
        stated = await self._stated(call, Statement)
        return await self._say(call, "deny", stated.why, MOST_SECONDS)

    async def _say(self, call: Call, verdict: str, why: str, seconds: int) -> web.Response:
        review = self._reviews.get(call.values["id"])
        if review.used is not None:
            raise Unprocessable(f"it has left already (entry {review.used})")
        now_us = wall_clock_us()
        entry = evidence.review_entry(
            review.id,
            review.entry,
            verdict,
            by=call.user,
            why=why,
            until_us=now_us + seconds * _US,
        )
        await self._append(entry)
        return json(_document(review, now_us))

    async def release(self, call: Call) -> web.StreamResponse:
        """The treated records; their outcome is noted once they were handed over."""
        review = self._reviews.get(call.values["id"])
        if not review.file:
            raise NotFound("its body was not kept: the caller resends it with Silkgate-Approval")
        route = self._access().routes.get(review.route)
        if route is None:
            raise NotFound("its route is no longer configured")
        releasing = self._releasing()
        with self._granted(review, releasing) as grant:
            result = await releasing.release(review, route, call.user, grant)
        if isinstance(result, StillHeld):
            under_review = result.ruling.outcome is Outcome.REVIEW
            problem = replies.withheld(
                result.ruling, result.ruling.reasons(), review=under_review, review_id=review.id
            )
            return replies.reply(problem)
        if not isinstance(result, Released):
            return replies.reply(replies.held_problem(result), replies.decided(result))
        return await self._handed_over(call, review, releasing, result)

    def _granted(
        self, review: Review, releasing: Releasing
    ) -> AbstractContextManager[Grant | None]:
        """The review's approval; none where nobody has spoken: policy may allow it by now."""
        if not review.said and review.used is None:
            return nullcontext()
        if review.revision != releasing.pipeline.engine.revision:
            return nullcontext()
        return self._reviews.claim(review.id, wall_clock_us())

    async def _handed_over(
        self, call: Call, review: Review, releasing: Releasing, released: Released
    ) -> web.StreamResponse:
        message, status = released.message, "aborted"
        headers = replies.decided(released) | {"Content-Type": message.content_type}
        response = web.StreamResponse(headers=headers)
        response.content_length = len(message.body)
        try:
            await response.prepare(call.request)
            await response.write(message.body)
            await response.write_eof()
            status = "delivered"
            releasing.done(review)
        finally:
            await self._append(evidence.outcome_entry(released.entry, status))
        return response

    async def _append(self, entry: dict[str, Any]) -> None:
        try:
            await self._releasing().pipeline.audit.append([entry])
        except AuditUnavailable as error:
            raise AuditFailed("the audit log cannot be made durable; nothing was done") from error

    async def _stated(self, call: Call, kind: type[Any]) -> Any:
        """What a person states. Raises `BadRequest`, or `Unprocessable` where it names somebody."""
        deadline = deadline_in(self._limits.export_seconds)
        pieces = reading.chunks(call.request, limit=_BODY, deadline=deadline)
        body = b"".join([chunk async for chunk in pieces])
        if call.request.content_type != JSON:
            raise MediaRefused(f"send {JSON}")
        try:
            stated = msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadRequest(f"the statement cannot be read: {error}") from error
        batch = decoder_for(JSON)(msgspec.json.encode([stated.why])).batch
        try:
            found = self._releasing().pipeline.classifier.classify(batch, deadline=deadline)
        except DetectionIncomplete as error:
            raise CannotDecide(f"the statement could not be looked at: {error}") from error
        named = sorted({each.category for each in found.findings if each.verdict.treated})
        if named:
            raise Unprocessable(
                f"the statement holds {', '.join(named)}: it stays in the audit log, so say it "
                "without naming anybody"
            )
        return stated


def _document(review: Review, now_us: int) -> ReviewDocument:
    return ReviewDocument(
        id=review.id,
        entry=review.entry,
        at_us=review.at_us,
        state=_state(review, now_us),
        route=review.route,
        caller=review.caller,
        media=review.media,
        records=review.records,
        reasons=list(review.reasons),
        categories=list(review.categories),
        by=review.approved(now_us),
        kept=bool(review.file) and review.used is None,
    )


def _state(review: Review, now_us: int) -> State:
    if review.used is not None:
        return "used"
    if any(each.verdict == "deny" for each in review.said.values()):
        return "denied"
    if review.approved(now_us):
        return "approved"
    return "ended" if review.said else "waiting"
