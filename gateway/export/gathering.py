"""Work done in this process, small exports that wait at the same moment together.

There is no lingering: what arrived while the event loop was busy is taken as it is found. An export
that came alone is worked on at once, and alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import structlog

from classifiers.model import NotAlike
from gateway.errors import CannotDecide
from gateway.export.parts import Message
from gateway.export.together import (
    MOST,
    MOST_BYTES,
    Asked,
    Member,
    Together,
    Treating,
    likeness,
)
from gateway.export.transfer import Transfer
from gateway.export.work import InProcess, Inspected, Outgoing, Worker, heavy
from gateway.ledger.subjects import Subjects
from policies.model import Decision

A = TypeVar("A")
R = TypeVar("R")

_TURNS: Final = 4  # of the event loop, for more to come

log = structlog.get_logger(__name__)


class Gathering:
    """See `gateway.export.work.Work`."""

    parallel = 1
    problem = ""

    def __init__(self, worker: Worker) -> None:
        """Compute with `worker`."""
        self._worker = worker
        self._alone = InProcess(worker)
        self._inspecting = _Queue(self._inspect_all)
        self._treating = _Queue(self._treat_all)

    async def inspect(
        self, transfer: Transfer, message: Message, key_versions: Mapping[str, int]
    ) -> Inspected:
        """See `Work`."""
        if heavy(message):
            return await self._alone.inspect(transfer, message, key_versions)
        return await self._inspecting.put(Asked(transfer, message, key_versions))

    async def subjects(self, transfer: Transfer, found: Inspected) -> Subjects:
        """See `Work`."""
        if isinstance(found.kept, Member):
            return found.kept.of.subjects(found.kept.row)
        return await self._alone.subjects(transfer, found)

    async def treat(
        self,
        transfer: Transfer,
        found: Inspected,
        decisions: Sequence[Decision],
        *,
        head_sent: bool = False,
    ) -> Outgoing:
        """See `Work`."""
        if isinstance(found.kept, Member):
            return await self._treating.put(_Treat(transfer, found, decisions, head_sent))
        return await self._alone.treat(transfer, found, decisions, head_sent=head_sent)

    def _inspect_all(self, waiting: Sequence[_Waiting[Asked, Inspected]]) -> None:
        """Inspect those that are alike together, all others one by one."""
        alike: dict[Any, list[_Waiting[Asked, Inspected]]] = {}
        if len(waiting) > 1:
            for each in waiting:
                alike.setdefault(likeness(each.asked) or id(each), []).append(each)
        else:
            alike[None] = list(waiting)
        for group in alike.values():
            for some in _portions(group):
                if len(some) == 1 or not self._together(some):
                    for each in some:
                        each.answer(self._inspected)

    def _together(self, some: Sequence[_Waiting[Asked, Inspected]]) -> bool:
        try:
            together = Together(self._worker, [each.asked for each in some])
        except Exception as error:  # each by itself has its own answer, or its own error
            _note(error)
            return False
        for each, found in zip(some, together.found, strict=True):
            each.give(found)
        return True

    def _inspected(self, asked: Asked) -> Inspected:
        return self._worker.inspect(asked.transfer, asked.message, asked.key_versions)

    def _treat_all(self, waiting: Sequence[_Waiting[_Treat, Outgoing]]) -> None:
        """Treat those that were inspected together together."""
        groups: dict[int, list[_Waiting[_Treat, Outgoing]]] = {}
        for each in waiting:
            groups.setdefault(id(each.asked.found.kept.of), []).append(each)
        for group in groups.values():
            if not self._treated(group):
                for each in group:
                    each.answer(self._treated_alone)

    def _treated(self, group: Sequence[_Waiting[_Treat, Outgoing]]) -> bool:
        wanted = [each.asked for each in group]
        if any(each.head_sent or len(each.decisions) != 1 for each in wanted):
            return False
        together: Together = wanted[0].found.kept.of
        members = [
            Treating(each.found.kept, each.decisions[0], each.transfer.deadline) for each in wanted
        ]
        try:
            outgoing = together.treat(members)
        except Exception as error:
            _note(error)
            return False
        for each, result in zip(group, outgoing, strict=True):
            each.give(result)
        return True

    def _treated_alone(self, wanted: _Treat) -> Outgoing:
        """Looked at again by itself: what the decision rests on must be the same."""
        message, versions = wanted.found.message, wanted.found.key_versions
        found = self._worker.inspect(wanted.transfer, message, versions)
        if found.groups != wanted.found.groups:
            raise CannotDecide("a message looked otherwise among others than by itself")
        return self._worker.treat(wanted.transfer, found, wanted.decisions, wanted.head_sent)


@dataclass(frozen=True, slots=True)
class _Treat:
    """One message to be treated."""

    transfer: Transfer
    found: Inspected
    decisions: Sequence[Decision]
    head_sent: bool


@dataclass(slots=True)
class _Waiting(Generic[A, R]):
    """One call, and who waits for it."""

    asked: A
    future: asyncio.Future[R] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def answer(self, work: Callable[[A], R]) -> None:
        """Do `work`; its failure is an answer too."""
        if self.future.done():
            return
        try:
            self.give(work(self.asked))
        except Exception as error:
            self.future.set_exception(error)

    def give(self, result: R) -> None:
        """Answer, unless nobody waits any more."""
        if not self.future.done():
            self.future.set_result(result)


class _Queue(Generic[A, R]):
    """What waits for the event loop's next turn, all handed on at once.

    Exports that come one after the other are taken together: as long as turns bring more, and a
    few turns longer where the last time there were several. A turn of an idle loop takes some
    microseconds, and an export that comes alone waits for one.
    """

    def __init__(self, work: Callable[[Sequence[_Waiting[A, R]]], None]) -> None:
        self._work = work
        self._waiting: list[_Waiting[A, R]] = []
        self._seen = 0
        self._turns = 0  # left to wait for more
        self._crowded = False

    async def put(self, asked: A) -> R:
        """The result for one call."""
        waiting = _Waiting[A, R](asked)
        self._waiting.append(waiting)
        if len(self._waiting) == 1:
            self._seen, self._turns = 1, _TURNS if self._crowded else 0
            asyncio.get_running_loop().call_soon(self._run)
        return await waiting.future

    def _run(self) -> None:
        count = len(self._waiting)
        if self._seen < count < MOST:
            self._seen, self._turns = count, _TURNS
        if self._turns and count < MOST:
            self._turns -= 1
            asyncio.get_running_loop().call_soon(self._run)
            return
        waiting, self._waiting = self._waiting, []
        self._crowded = count > 1
        self._work([each for each in waiting if not each.future.done()])


def _portions(
    group: Sequence[_Waiting[Asked, Inspected]],
) -> list[list[_Waiting[Asked, Inspected]]]:
    """The group in parts that are not too large for one batch."""
    portions: list[list[_Waiting[Asked, Inspected]]] = [[]]
    room = MOST_BYTES
    for each in group:
        size = each.asked.message.size
        if portions[-1] and (size > room or len(portions[-1]) == MOST):
            portions.append([])
            room = MOST_BYTES
        portions[-1].append(each)
        room -= size
    return portions


def _note(error: Exception) -> None:
    """Say why exports were not worked on together, unless data alone is the reason."""
    if not isinstance(error, NotAlike):
        log.info("worked on one by one", error=type(error).__name__)
