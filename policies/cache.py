"""Decisions remembered: the same question under the same revision has the same answer."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, Protocol

from policies.model import Decision, PolicyInput, encode

SIZE: Final = 4096  # shapes of export in one day are few; an entry is some kilobytes


class Engine(Protocol):
    """What is cached: see `gateway.ports.PolicyEngine`."""

    @property
    def revision(self) -> str:
        """SHA-256 of the bundle in force, in hex."""
        ...

    async def decide(self, question: PolicyInput) -> Decision:
        """Raise `PolicyUnavailable` when no complete decision can be had."""
        ...


class CachedEngine:
    """An engine with a bounded memory, least recently used first out. One event loop only."""

    def __init__(self, engine: Engine, *, size: int = SIZE) -> None:
        self._engine = engine
        self._size = size
        self._known: OrderedDict[tuple[str, bytes], Decision] = OrderedDict()

    @property
    def revision(self) -> str:
        """SHA-256 of the bundle in force, in hex."""
        return self._engine.revision

    def cached(self, question: PolicyInput) -> Decision | None:
        """The decision, if it is known already."""
        key = (self._engine.revision, encode(question))
        decision = self._known.get(key)
        if decision is not None:
            self._known.move_to_end(key)
        return decision

    async def decide(self, question: PolicyInput) -> Decision:
        """The known decision or the engine's; a failure is never remembered."""
        if (known := self.cached(question)) is not None:
            return known
        revision = self._engine.revision
        decision = await self._engine.decide(question)
        if self._engine.revision == revision:
            self._known[revision, encode(question)] = decision
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return decision
