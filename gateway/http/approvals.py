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
from gateway.export.reviews import Grant, Reviews, check_same, request_digest
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


@contextmanager
def approved_stream(
    reviews: Reviews, request: web.BaseRequest, transfer: Transfer, *, flows: bool
) -> Iterator[tuple[Transfer, Grant | None]]:
    """The same for a stream, which is compared once it has arrived, before any of it leaves.

    One that `flows` cannot be. Raises `ApprovalUnusable`.
    """
    name = named(request)
    if name is None:
        yield transfer, None
        return
    if flows:
        raise ApprovalUnusable(
            "this route sends records before the last has arrived, so a stream is not approved as "
            "a whole: release what it holds back from the quarantine"
        )
    with reviews.claim(name, wall_clock_us()) as grant:
        yield replace(transfer, approvals=grant.approvals), grant


def named(request: web.BaseRequest) -> str | None:
    """The review that the request names. Raises `BadRequest` where it names several."""
    values = request.headers.getall(HEADER, [])
    if len(values) > 1:
        raise BadRequest(f"send one {HEADER}")
    return values[0].strip() if values else None
