"""A candidate policy beside the one in force."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from policies import beside
from policies.beside import Beside
from policies.bundle import load
from policies.cache import Engine
from policies.embedded import EmbeddedEngine
from policies.model import Decision, PolicyInput, PolicyUnavailable
from tests.policies.folders import overlay
from tests.policies.questions import question

BUNDLE = load()
SHIPPED = EmbeddedEngine(BUNDLE, deadline_seconds=60)
ORDER = BUNDLE.data["silkgate"]["strictness"]["order"]


class Held:
    """An engine that answers when it is let, or fails."""

    revision = "h" * 64

    def __init__(self, *, down: bool = False) -> None:
        self.gate = asyncio.Event()
        self.down = down

    async def decide(self, question: PolicyInput) -> Decision:
        await self.gate.wait()
        if self.down:
            raise PolicyUnavailable("down")
        return SHIPPED.decide_sync(question)


async def counted(candidate: Engine, *asked: PolicyInput) -> Counter[tuple[str, str]]:
    """What is noted of a candidate that is asked besides the shipped policy."""
    noted: Counter[tuple[str, str]] = Counter()
    side = Beside(candidate, ORDER, lambda route, kind: noted.update([(route, kind)]))
    for each in asked:
        side.compare(each, SHIPPED.decide_sync(each))
    if isinstance(candidate, Held):
        candidate.gate.set()
    await side.settle()
    return noted


async def test_the_same_policy_differs_in_nothing() -> None:
    """Counted as such, by route."""
    noted = await counted(SHIPPED, question(), question(route="b"))
    assert noted == {("sg-fulfilment", "same"): 1, ("b", "same"): 1}


async def test_each_kind_of_difference_counts_once_an_export(tmp_path: Path) -> None:
    """However many fields it concerns."""
    tighter = {"treatments": {"any": {"pi_contact_phone": "mask", "pi_basic": "suppress"}}}
    candidate = EmbeddedEngine(load(overlay=overlay(tmp_path, tighter)), deadline_seconds=60)
    noted = await counted(candidate, question())
    assert noted[("sg-fulfilment", "tightened")] == 1
    assert noted[("sg-fulfilment", "same")] == 0


async def test_a_candidate_that_fails_is_counted() -> None:
    """It reaches nobody."""
    noted = await counted(Held(down=True), question())
    assert noted == {("sg-fulfilment", "undecided"): 1}


async def test_a_slow_candidate_holds_nobody_up(monkeypatch) -> None:
    """What it cannot keep up with is skipped, and counted so."""
    monkeypatch.setattr(beside, "BACKLOG", 3)
    noted = await counted(Held(), *(question(route=f"r{n}") for n in range(5)))
    assert sum(count for (_, kind), count in noted.items() if kind == "same") == 3
    assert noted[("r3", "skipped")] == noted[("r4", "skipped")] == 1
