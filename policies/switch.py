"""Hot reload and candidate policies: which engine answers, decided anew for each question."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from policies.cache import Engine
from policies.errors import BundleError
from policies.model import Decision, PolicyInput, PolicyUnavailable


@dataclass(slots=True)
class Comparison:
    """How a candidate policy compares with the one in force."""

    revision: str
    asked: int = 0
    differences: Counter[str] = field(default_factory=Counter)  # "allow -> deny", "treatments", …


class SwitchingEngine:
    """An engine that can be exchanged under load. A question keeps the engine it began with."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._candidate: Engine | None = None
        self._comparisons: set[asyncio.Task[None]] = set()
        self.comparison: Comparison | None = None

    @property
    def revision(self) -> str:
        """SHA-256 of the bundle in force, in hex."""
        return self._engine.revision

    async def decide(self, question: PolicyInput) -> Decision:
        """The decision of the engine in force; a candidate beside it is never waited for."""
        decision = await self._engine.decide(question)
        if self._candidate is not None and self.comparison is not None:
            task = asyncio.create_task(
                _compare(self._candidate, self.comparison, question, decision)
            )
            self._comparisons.add(task)
            task.add_done_callback(self._comparisons.discard)
        return decision

    async def reload(self, build: Callable[[], Engine]) -> None:
        """Put a new engine in force. Raises `BundleError` and keeps the old one if it is broken."""
        self._engine = await asyncio.to_thread(_built, build)

    async def try_beside(self, build: Callable[[], Engine] | None) -> None:
        """Let a candidate decide beside the engine in force, counted; None ends it."""
        candidate = None if build is None else await asyncio.to_thread(_built, build)
        self._candidate = candidate
        self.comparison = None if candidate is None else Comparison(candidate.revision)

    async def settle(self) -> None:
        """Wait for comparisons under way."""
        await asyncio.gather(*self._comparisons)


def _built(build: Callable[[], Engine]) -> Engine:
    try:
        return build()
    except BundleError:
        raise
    except Exception as error:
        raise BundleError(f"the new policy cannot be used: {error}") from error


async def _compare(
    candidate: Engine, comparison: Comparison, question: PolicyInput, decision: Decision
) -> None:
    comparison.asked += 1
    try:
        other = await candidate.decide(question)
    except PolicyUnavailable:
        comparison.differences["undecided"] += 1
        return
    if other.outcome is not decision.outcome:
        comparison.differences[f"{decision.outcome.value} -> {other.outcome.value}"] += 1
    for part in ("mechanism", "counts", "treatments", "obligations"):
        if getattr(other, part) != getattr(decision, part):
            comparison.differences[part] += 1
