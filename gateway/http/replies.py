"""What callers are told: problem+json (RFC 9457) and the `Silkgate-*` headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from aiohttp import web

from gateway.errors import Problem
from gateway.export.pipeline import Held, Released, Ruling
from policies.model import Outcome, Reason

DECISION: Final = "Silkgate-Decision"
DECISION_ID: Final = "Silkgate-Decision-Id"
ENTRY: Final = "Silkgate-Entry"
K_ANONYMITY: Final = "Silkgate-K-Anonymity"
_COST: Final = ("k", "smallest", "suppressed")
REQUEST_ID: Final = "Silkgate-Request-Id"  # in the audit log `rid`


def decided(result: Released | Held) -> dict[str, str]:
    """The headers that name the decision and its opening entry."""
    outcome = Outcome.ALLOW if isinstance(result, Released) else held_outcome(result)
    names = {
        DECISION: outcome.value,
        DECISION_ID: result.decision_id,
        ENTRY: str(result.entry),
    }
    if isinstance(result, Released) and result.anonymity:
        cost = result.anonymity
        names[K_ANONYMITY] = ", ".join(f"{name}={cost[name]}" for name in _COST)
    return names


def held_outcome(held: Held) -> Outcome:
    """Review where a person may still release it, else deny."""
    return Outcome.REVIEW if held.ruling.outcome is Outcome.REVIEW else Outcome.DENY


def held_problem(held: Held) -> Problem:
    """403 for an export that was held; it names the decision and its entry."""
    review = held_outcome(held) is Outcome.REVIEW
    named = {"decision_id": held.decision_id, "entry": held.entry}
    return withheld(held.ruling, held.reasons, review=review, **named)


def withheld(ruling: Ruling, reasons: Sequence[Reason], *, review: bool, **named: Any) -> Problem:
    """403: reasons, and the pointers and categories they concern. Never a value."""
    needs = sorted({need for decision in ruling.decisions for need in decision.needs})
    fields = {(field.pointer, field.category) for group in ruling.groups.fields for field in group}
    extra: dict[str, Any] = named | {
        "reasons": [msgspec.to_builtins(reason) for reason in reasons],
        "needs": needs,
        "fields": [{"pointer": p, "category": c} for p, c in sorted(fields)],
    }
    if review:
        return Problem(
            403,
            "export-under-review",
            "A person must decide on this export",
            "Nothing was sent and no body was kept. Once the missing facts are there, resend it; "
            "once it is approved (decision_id names the review), resend it unchanged with "
            "Silkgate-Approval.",
            extra,
        )
    return Problem(
        403,
        "export-denied",
        "The policy does not allow this export",
        "Nothing was sent; each reason names the article it rests on.",
        extra,
    )


def reply(problem: Problem, headers: dict[str, str] | None = None) -> web.Response:
    """`problem` as an HTTP response."""
    return web.Response(
        status=problem.status,
        body=msgspec.json.encode(problem.document()),
        content_type="application/problem+json",
        headers=headers,
    )
