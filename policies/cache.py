"""Decisions remembered: an engine answers the same question always alike.

An engine decides by one revision for as long as it lives; a reload makes a new one.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from functools import partial
from typing import Final, Protocol

from policies.model import Decision, PolicyInput, decode_input, encode

SIZE: Final = 4096  # shapes of export in one day are few; an entry is some kilobytes


class Engine(Protocol):
    """What is cached: see `gateway.ports.PolicyEngine`."""

    @property
    def revision(self) -> str:
        """SHA-256 of the bundle it decides by, in hex; it never changes."""
        ...

    async def decide(self, question: PolicyInput) -> Decision:
        """Raise `PolicyUnavailable` when no complete decision can be had."""
        ...


class CachedEngine:
    """An engine with a bounded memory, least recently used first out. One event loop only.

    However many ask the same new question at once, the engine is asked once.
    """

    def __init__(self, engine: Engine, *, size: int = SIZE) -> None:
        self._engine = engine
        self._size = size
        self._known: OrderedDict[bytes, Decision] = OrderedDict()
        self._asking: dict[bytes, asyncio.Future[Decision]] = {}

    @property
    def revision(self) -> str:
        """SHA-256 of the bundle in force, in hex."""
        return self._engine.revision

    def cached(self, question: PolicyInput) -> Decision | None:
        """The decision, if it is known already."""
        return self._recall(encode(question))

    async def probe(self, question: PolicyInput) -> None:
        """Ask the engine itself, whatever is remembered. Raises `PolicyUnavailable`."""
        await self._engine.decide(question)

    async def decide(self, question: PolicyInput) -> Decision:
        """The known decision or the engine's; a failure is never remembered."""
        key = encode(question)
        if (known := self._recall(key)) is not None:
            return known
        asking = self._asking.get(key)
        if asking is None:
            self._asking[key] = asking = asyncio.ensure_future(self._engine.decide(question))
            asking.add_done_callback(partial(self._answered, key))
        return await asyncio.shield(asking)  # others may wait for it too

    async def warm(self, other: CachedEngine, most: int) -> None:
        """Learn the answers to what `other` was asked last, so that taking over costs nobody time.

        Raises `PolicyUnavailable` where one cannot be had.
        """
        for question in list(other._known)[-most:]:
            await self.decide(decode_input(question))

    def _recall(self, key: bytes) -> Decision | None:
        decision = self._known.get(key)
        if decision is not None:
            self._known.move_to_end(key)
        return decision

    def _answered(self, key: bytes, asked: asyncio.Future[Decision]) -> None:
        del self._asking[key]
        if asked.cancelled() or asked.exception() is not None:
            return
        self._known[key] = asked.result()
        while len(self._known) > self._size:
            self._known.popitem(last=False)
