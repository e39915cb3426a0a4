"""Exceptions that mean *no decision could be had*, and the one table from exception to reply.

A denial is a decision, not an exception; a `ConfigError` comes before any question. Messages name
places and categories, never values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

PROBLEM_PREFIX: Final = "urn:silkgate:problem:"


class ConfigError(Exception):
    """The configuration is not usable; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An RFC 9457 problem: `code` ends its `type` URI; `extra` holds extension members."""

    status: int
    code: str
    title: str
    detail: str
    extra: dict[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The `application/problem+json` object."""
        return {
            "type": PROBLEM_PREFIX + self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }


class GatewayError(Exception):
    """Something that ends an export without a decision; `problem` is what the caller is told."""

    status: int = 500
    code: str = "internal"
    title: str = "Internal error"
    records: int = 1  # how many it ended that stand in no opening entry

    def problem(self) -> Problem:
        """The reply for this error."""
        return Problem(self.status, self.code, self.title, str(self))


class BadRequest(GatewayError):
    """The request is malformed."""

    status, code, title = 400, "malformed", "Malformed request"


class VersionRefused(GatewayError):
    """The protocol is not HTTP/1.1 (or 1.0)."""

    status, code, title = 505, "version-refused", "HTTP version not supported"


class ExpectationFailed(GatewayError):
    """The request expects something other than `100-continue`."""

    status, code, title = 417, "expectation-failed", "Expectation cannot be met"


class Unauthorized(GatewayError):
    """The caller is not known. `challenge` is the header that says how to make oneself known."""

    status, code, title = 401, "unauthorized", "Caller not authenticated"
    challenge: Mapping[str, str] = {"WWW-Authenticate": "Silkgate-Key"}


class ProxyUnauthorized(Unauthorized):
    """The forward proxy's caller is not known."""

    status, code, title = 407, "proxy-unauthorized", "Caller not authenticated to the proxy"
    challenge: Mapping[str, str] = {
        "Proxy-Authenticate": 'Basic realm="silkgate", Bearer realm="silkgate"'
    }


class NotFound(GatewayError):
    """The API has nothing at this path, or no such thing."""

    status, code, title = 404, "not-found", "Not found"


class NotAllowed(GatewayError):
    """The API knows other `methods` at this path."""

    status, code, title = 405, "method-not-allowed", "Method not allowed"

    def __init__(self, methods: Sequence[str]) -> None:
        super().__init__(f"the methods here are {', '.join(methods)}")
        self.methods = methods


class RoleForbidden(GatewayError):
    """The user's roles do not allow this."""

    status, code, title = 403, "role-forbidden", "Not within this user's roles"


class NotReloaded(GatewayError):
    """A reload found something unusable; what is in force stays, the policy `revision` too."""

    status, code = 422, "reload-refused"
    title = "Nothing was reloaded; what is in force stays"

    def __init__(self, message: str, revision: str) -> None:
        super().__init__(message)
        self.revision = revision

    def problem(self) -> Problem:
        """The reply also names the revision in force."""
        return replace(super().problem(), extra={"revision": self.revision})


class Busy(GatewayError):
    """What may be done once at a time is under way."""

    status, code, title = 503, "busy", "Already under way"


class TooManyRequests(GatewayError):
    """The caller has used up its rate, or what it may have under way; `wait` in seconds."""

    status, code, title = 429, "too-many-requests", "Too many requests"

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


class RouteForbidden(GatewayError):
    """The caller may not use this route."""

    status, code, title = 403, "route-forbidden", "Route not open to this caller"


class RouteUnknown(GatewayError):
    """There is no such route."""

    status, code, title = 404, "route-unknown", "No such route"


class MethodRefused(GatewayError):
    """The method or the protocol switch is not one that can be inspected."""

    status, code, title = 501, "method-refused", "Method not supported"


class TooLarge(GatewayError):
    """The body is over the byte budget."""

    status, code, title = 413, "too-large", "Body too large"


class MediaRefused(GatewayError):
    """The body's type, charset or encoding is not one that can be inspected whole."""

    status, code, title = 415, "unsupported-media", "Media type not supported"


class Unprocessable(GatewayError):
    """The body is well-formed but cannot be exported as it is."""

    status, code, title = 422, "unprocessable", "Body cannot be exported"


class KeyInUse(GatewayError):
    """Another request with the same Idempotency-Key is under way."""

    status, code, title = 409, "idempotency-key-in-use", "Request under way"


class OutcomeUnknown(GatewayError):
    """The export with this Idempotency-Key may have arrived; nobody here knows."""

    status, code, title = 409, "outcome-unknown", "Outcome of the first request unknown"


class KeyReused(GatewayError):
    """The Idempotency-Key belongs to another request."""

    status, code, title = 422, "idempotency-key-reused", "Idempotency-Key used before"


class ApprovalUnusable(GatewayError):
    """The review named by Silkgate-Approval does not let this request leave."""

    status, code, title = 403, "approval-unusable", "Approval does not hold for this request"


class CannotDecide(GatewayError):
    """A detector, the policy engine, the ledger or a key failed; nothing leaves."""

    status, code, title = 503, "cannot-decide", "No decision could be had"


class AuditFailed(GatewayError):
    """The log could not be made durable; nothing leaves."""

    status, code, title = 503, "audit-unavailable", "Audit log not durable"


class UpstreamFailed(GatewayError):
    """The recipient could not be reached or broke off."""

    status, code, title = 502, "upstream-failed", "Recipient not reached"


class UpstreamRedirected(GatewayError):
    """The recipient answered with a redirect, which is neither followed nor passed on."""

    status, code, title = 502, "upstream-redirected", "Recipient redirected"


class UpstreamTimeout(GatewayError):
    """The recipient did not answer within the export's deadline."""

    status, code, title = 504, "upstream-timeout", "Recipient too slow"
