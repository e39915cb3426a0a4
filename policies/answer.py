"""What counts as an answer of a policy engine: one complete decision on the question put."""

from __future__ import annotations

import msgspec

from policies.model import Decision, Outcome, PolicyInput, PolicyUnavailable


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    expressions: list[Decision]


def read_answer(text: str | bytes, question: PolicyInput) -> Decision:
    """The decision in an engine's query result. Raises `PolicyUnavailable` for anything less."""
    try:
        answer = msgspec.json.decode(text, type=_Answer)
    except msgspec.DecodeError as error:
        raise PolicyUnavailable(f"the policy's answer is not a decision: {error}") from error
    if len(answer.expressions) != 1:
        raise PolicyUnavailable(f"the policy gave {len(answer.expressions)} answers instead of one")
    return complete(answer.expressions[0], question)


def complete(decision: Decision, question: PolicyInput) -> Decision:
    """`decision` itself. Raises `PolicyUnavailable` where it says less, or more, than it must."""
    if not decision.reasons:
        raise PolicyUnavailable("the policy decided without a reason")
    if decision.outcome is Outcome.ALLOW and decision.mechanism is None:
        raise PolicyUnavailable("the policy allowed an export that no mechanism carries")
    asked = {(field.pointer, field.category) for field in question.fields}
    places = [(entry.pointer, entry.category) for entry in decision.treatments]
    if len(set(places)) != len(places) or not asked.issuperset(places):
        raise PolicyUnavailable("the policy treats a field twice, or one that was not asked about")
    return decision
