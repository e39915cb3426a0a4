"""The published vectors: question in, decision out."""

from __future__ import annotations

from typing import Any

import pytest

from policies.bundle import load
from policies.embedded import EmbeddedEngine
from policies.model import Decision, PolicyInput
from tests.policies.questions import vectors

ENGINE = EmbeddedEngine(load())
ALL = list(vectors())


def summary(decision: Decision) -> dict[str, Any]:
    """A decision in the form the vectors state it: texts left out, treatments by pointer."""
    return {
        "outcome": decision.outcome.value,
        "mechanism": decision.mechanism,
        "counts": {"general": decision.counts.general, "sensitive": decision.counts.sensitive},
        "treatments": {entry.pointer: entry.treatment for entry in decision.treatments},
        "hold": [entry.pointer for entry in decision.treatments if entry.hold],
        "obligations": decision.obligations,
        "needs": decision.needs,
        "reasons": [reason.code for reason in decision.reasons],
    }


@pytest.mark.parametrize(
    ("asked", "wanted"), [(q, want) for _, q, want in ALL], ids=[name for name, _, _ in ALL]
)
def test_vector(asked: PolicyInput, wanted: dict[str, Any]) -> None:
    """The embedded engine decides each vector as published."""
    assert summary(ENGINE.decide_sync(asked)) == wanted
