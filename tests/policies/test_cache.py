"""The cache: the same answers, fewer questions."""

from __future__ import annotations

import pytest

from policies.bundle import load
from policies.cache import CachedEngine
from policies.embedded import EmbeddedEngine
from policies.model import Decision, PolicyInput, PolicyUnavailable
from tests.policies.questions import question

EMBEDDED = EmbeddedEngine(load())


class Counting:
    """An engine that counts what it is asked, and fails on demand."""

    def __init__(self) -> None:
        self.revision = "a" * 64
        self.asked = 0
        self.down = False

    async def decide(self, question: PolicyInput) -> Decision:
        self.asked += 1
        if self.down:
            raise PolicyUnavailable("down")
        return EMBEDDED.decide_sync(question)


async def test_the_same_question_is_asked_once() -> None:
    """An equal question, built anew, finds the same decision."""
    inner = Counting()
    engine = CachedEngine(inner)
    assert engine.cached(question()) is None
    first = await engine.decide(question())
    assert await engine.decide(question()) is first
    assert engine.cached(question()) is first
    assert inner.asked == 1


async def test_any_difference_asks_again() -> None:
    """Another day, another destination, another band: another question."""
    inner = Counting()
    engine = CachedEngine(inner)
    for changes in ({}, {"at": "2026-11-23"}, {"destination": "KE"}, {"bands": None}):
        await engine.decide(question(**changes))
    assert inner.asked == 4


async def test_a_new_revision_forgets_the_old_answers() -> None:
    """After a reload nothing is answered from the policy before."""
    inner = Counting()
    engine = CachedEngine(inner)
    await engine.decide(question())
    inner.revision = "b" * 64
    assert engine.revision == "b" * 64
    assert engine.cached(question()) is None


async def test_a_failure_is_not_remembered() -> None:
    """An engine that comes back is asked again."""
    inner = Counting()
    engine = CachedEngine(inner)
    inner.down = True
    with pytest.raises(PolicyUnavailable):
        await engine.decide(question())
    inner.down = False
    assert await engine.decide(question())


async def test_the_least_recently_used_goes_first() -> None:
    """The memory is bounded, and keeps what is asked for."""
    inner = Counting()
    engine = CachedEngine(inner, size=2)
    await engine.decide(question(route="a"))
    await engine.decide(question(route="b"))
    engine.cached(question(route="a"))
    await engine.decide(question(route="c"))
    assert engine.cached(question(route="a")) is not None
    assert engine.cached(question(route="b")) is None


async def test_an_answer_from_before_a_reload_is_not_kept() -> None:
    """A decision that was under way when the revision changed is not filed under either."""

    class Reloading(Counting):
        async def decide(self, question: PolicyInput) -> Decision:
            answer = await super().decide(question)
            self.revision = "c" * 64
            return answer

    engine = CachedEngine(Reloading())
    await engine.decide(question())
    assert engine.cached(question()) is None
