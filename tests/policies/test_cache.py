"""The cache: the same answers, fewer questions."""

from __future__ import annotations

import asyncio

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


class Slow(Counting):
    """Answers when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()

    async def decide(self, question: PolicyInput) -> Decision:
        self.asked += 1
        await self.go.wait()
        self.asked -= 1
        return await super().decide(question)


async def test_many_who_ask_at_once_ask_once() -> None:
    """A burst of a new shape costs one evaluation; one who gives up takes nobody with him."""
    inner = Slow()
    engine = CachedEngine(inner)
    asking = [asyncio.create_task(engine.decide(question())) for _ in range(20)]
    await asyncio.sleep(0)
    asking[0].cancel()
    inner.go.set()
    answers = await asyncio.gather(*asking[1:])
    assert all(answer is answers[0] for answer in answers)
    assert inner.asked == 1


async def test_many_who_ask_at_once_fail_together() -> None:
    """And the next one asks again."""
    inner = Slow()
    inner.down = True
    engine = CachedEngine(inner)
    asking = [asyncio.create_task(engine.decide(question())) for _ in range(3)]
    await asyncio.sleep(0)
    inner.go.set()
    failed = await asyncio.gather(*asking, return_exceptions=True)
    assert all(isinstance(each, PolicyUnavailable) for each in failed)
    inner.down = False
    assert await engine.decide(question())


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
