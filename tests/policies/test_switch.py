"""Hot reload and candidate policies."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from policies.bundle import BundleError, load
from policies.embedded import EmbeddedEngine
from policies.model import Decision, PolicyInput, PolicyUnavailable
from policies.switch import SwitchingEngine
from tests.policies.folders import overlay
from tests.policies.questions import question

SHIPPED = EmbeddedEngine(load(), deadline_seconds=60)


class Held:
    """An engine that answers when it is let."""

    revision = "h" * 64

    def __init__(self) -> None:
        self.gate = asyncio.Event()

    async def decide(self, question: PolicyInput) -> Decision:
        await self.gate.wait()
        return SHIPPED.decide_sync(question)


async def test_a_question_under_way_is_answered_by_its_own_engine() -> None:
    """Nothing is dropped by a reload, and what follows asks the new engine."""
    old = Held()
    engine = SwitchingEngine(old)
    under_way = asyncio.create_task(engine.decide(question()))
    await asyncio.sleep(0)
    await engine.reload(lambda: SHIPPED)
    assert engine.revision == SHIPPED.revision
    assert (await engine.decide(question())).reasons
    assert not under_way.done()
    old.gate.set()
    assert (await under_way).reasons


@pytest.mark.parametrize("error", [BundleError("broken"), RuntimeError("odd")])
async def test_a_broken_bundle_leaves_the_old_one(error: Exception) -> None:
    """The fault is told, the gateway goes on deciding."""
    engine = SwitchingEngine(SHIPPED)

    def build() -> EmbeddedEngine:
        raise error

    with pytest.raises(BundleError):
        await engine.reload(build)
    assert (await engine.decide(question())).reasons
    assert engine.revision == SHIPPED.revision


async def test_a_candidate_is_counted_and_never_decides(tmp_path: Path) -> None:
    """What would change is known before anything does."""
    content = {"treatments": {"any": {"pi_contact_phone": "suppress"}}}
    other = EmbeddedEngine(load(overlay=overlay(tmp_path, content)), deadline_seconds=60)
    engine = SwitchingEngine(SHIPPED)
    await engine.try_beside(lambda: other)
    for _ in range(3):
        assert await engine.decide(question()) == SHIPPED.decide_sync(question())
    await engine.settle()
    assert engine.comparison is not None
    assert (engine.comparison.revision, engine.comparison.asked) == (other.revision, 3)
    assert engine.comparison.differences["treatments"] == 3
    await engine.try_beside(None)
    assert engine.comparison is None


async def test_a_candidate_that_fails_is_only_counted() -> None:
    """The engine in force does not notice."""

    class Down:
        revision = "d" * 64

        async def decide(self, question: PolicyInput) -> Decision:
            raise PolicyUnavailable("down")

    engine = SwitchingEngine(SHIPPED)
    await engine.try_beside(Down)
    assert (await engine.decide(question())).reasons
    await engine.settle()
    assert engine.comparison is not None
    assert engine.comparison.differences == {"undecided": 1}
