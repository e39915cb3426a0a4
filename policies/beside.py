"""A candidate policy that decides beside the one in force: counted, never waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from policies.cache import Engine
from policies.model import Decision, PolicyInput, PolicyUnavailable
from policies.simulate import Shape, differences

log = structlog.get_logger(__name__)

Note = Callable[[str, str], None]  # route; a kind of difference, or one of those below

SAME: Final = "same"
UNDECIDED: Final = "undecided"
SKIPPED: Final = "skipped"
BACKLOG: Final = 256  # questions under way at most; what comes on top is skipped, and counted so


class Beside:
    """Asks `candidate` what was decided already, and notes each kind of difference by route.

    Belongs to one event loop. Neither its answers nor its failures reach an export.
    """

    def __init__(self, candidate: Engine, strictness: Sequence[str], note: Note) -> None:
        self._candidate, self._strictness, self._note = candidate, strictness, note
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def revision(self) -> str:
        """SHA-256 of the candidate bundle, in hex."""
        return self._candidate.revision

    def compare(self, question: PolicyInput, decision: Decision) -> None:
        """Have the candidate decide `question` too, in the background."""
        if len(self._under_way) >= BACKLOG:
            self._note(question.route, SKIPPED)
            return
        task = asyncio.create_task(self._compare(question, decision))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settle(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._under_way)

    async def _compare(self, question: PolicyInput, decision: Decision) -> None:
        try:
            other = await self._candidate.decide(question)
        except PolicyUnavailable:
            self._note(question.route, UNDECIDED)
            return
        found = list(differences(Shape(question, decision), other, self._strictness))
        for kind in sorted({each.kind for each in found}) or [SAME]:
            self._note(question.route, kind)
        for each in found:
            log.info(
                "the candidate policy decides otherwise",
                candidate=self.revision[:12],
                kind=each.kind,
                route=each.route,
                field=each.pointer,
                before=each.before,
                after=each.after,
                reasons=each.reasons,
            )
