"""`Silkgate-Approval` on the data listener: a request that persons have looked at leaves once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from audit_log.log import wall_clock_us
from gateway.errors import ApprovalUnusable, BadRequest
from gateway.export.parts import Message
from gateway.export.pipeline import Pipeline
from gateway.export.reviews import Reviews, check_same, request_digest
from gateway.export.transfer import Transfer

HEADER: Final = "Silkgate-Approval"


@contextmanager
def approved(
    reviews: Reviews,
    pipeline: Pipeline,
    request: web.BaseRequest,
    transfer: Transfer,
    message: Message,
) -> Iterator[tuple[Transfer, dict[str, Any]]]:
    """The transfer with what was approved for it, and the facts for its opening entry.

    Raises `ApprovalUnusable` where the review named by the request does not let it leave.
    """
    name = named(request)
    if name is None:
        yield transfer, {}
        return
    with reviews.claim(name, wall_clock_us()) as grant:
        digest = request_digest(pipeline.keys, transfer, message)
        check_same(grant.review, transfer, digest, pipeline.engine.revision)
        yield replace(transfer, approvals=grant.approvals), grant.fact()


def none_for_streams(request: web.BaseRequest) -> None:
    """Raise `ApprovalUnusable`: a stream cannot be compared before its first records leave."""
    if named(request) is not None:
        raise ApprovalUnusable(
            "streams are not approved as a whole: send the records as one body, or let the route "
            'quarantine what is held (on_denied = "quarantine") and release that'
        )


def named(request: web.BaseRequest) -> str | None:
    """The review that the request names. Raises `BadRequest` where it names several."""
    values = request.headers.getall(HEADER, [])
    if len(values) > 1:
        raise BadRequest(f"send one {HEADER}")
    return values[0].strip() if values else None
