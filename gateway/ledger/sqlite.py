"""The subject ledger in one folder, for one gateway: `SqliteLedger`.

All work is done in one thread that takes whatever waits as a group: every export of the group is
decided in turn, one journal line makes the group durable, then all are answered. So the event loop
never blocks, and a hundred small exports cost one fdatasync. Only what a few persons would count is
looked up at once where nothing else is going on.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Final, Self, TypeVar

from msgspec.structs import replace

from gateway.ledger.book import Book, Sync, create, failing_closed
from gateway.ledger.index import RECENT_FACTS
from gateway.ledger.model import (
    ClockBehind,
    Edges,
    LedgerUnavailable,
    Opening,
    Person,
    Preview,
    Share,
    Tally,
    TallyMoved,
)
from policies.model import Bands

Clock = Callable[[], datetime]
Result = TypeVar("Result")

_GROUP: Final = 256  # jobs answered together at most
_FEW: Final = 16  # persons that are looked up sooner than a thread is woken


class _Job:
    """One call, waiting. `work` runs in the ledger's thread; `alone`: in a group of its own."""

    def __init__(self, work: Callable[[Book], Any], *, alone: bool = False) -> None:
        self.work, self.alone = work, alone
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()
        self.outcome: Any = None
        self.staged = False

    def run(self, book: Book) -> None:
        """Do the work; a refusal is an outcome, any other failure the ledger's."""
        before = book.staged
        self.outcome = _outcome(self.work, book)
        self.staged = book.staged > before

    def answer(self) -> None:
        """Hand the outcome over, in the loop."""
        if self.future.done():  # the caller went away; what was counted stays counted
            return
        if isinstance(self.outcome, Exception):
            self.future.set_exception(self.outcome)
        else:
            self.future.set_result(self.outcome)


def _outcome(work: Callable[[Book], Any], book: Book) -> Any:
    try:
        return work(book)
    except (TallyMoved, ValueError) as refusal:
        return refusal


class SqliteLedger:
    """A `gateway.ports.SubjectLedger` on one machine.

    After an error of disk or database every call raises `LedgerUnavailable` until the ledger is
    opened again: what reached the disk is then known only by reading it back.
    """

    def __init__(self, book: Book, clock: Clock) -> None:
        """Count in `book`; see `create` and `open`."""
        self._book = book
        self._clock = clock
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()  # None: close
        self._failure: LedgerUnavailable | None = None
        self._closed = False
        self._using = Lock()  # the book, by the ledger's thread or, for a moment, the event loop
        self._thread = Thread(target=self._work, name="subject-ledger", daemon=True)
        self._thread.start()

    @classmethod
    def create(
        cls, path: Path, exporter: str, opening: Opening | None = None, *, clock: Clock
    ) -> Self:
        """Start a ledger and open it. Raises `LedgerUnavailable` where one lies already."""
        with failing_closed():
            create(path, exporter, opening, clock())
        return cls.open(path, exporter, clock=clock)

    @classmethod
    def open(
        cls,
        path: Path,
        exporter: str,
        opening: Opening | None = None,
        *,
        clock: Clock,
        sync: Sync = os.fdatasync,
        recent_facts: int = RECENT_FACTS,
    ) -> Self:
        """Open a ledger; blocks while the journal's tail is read. Raises `LedgerUnavailable`.

        An `opening` for the current year replaces the recorded one.
        """
        with failing_closed():
            book = Book(path, exporter, opening, clock(), sync=sync, recent_facts=recent_facts)
        return cls(book, clock)

    remedy: Final = "persons cannot be counted; restart once the disk is well"

    @property
    def healthy(self) -> bool:
        """False for good after the first error of disk or database, and once closed."""
        return self._failure is None and not self._closed

    async def preview(
        self,
        persons: Sequence[Person],
        edges: Edges,
        *,
        export_ref: str = "",
        share: Share | None = None,
    ) -> Preview:
        """What committing `persons` as `export_ref` would do now. Raises `LedgerUnavailable`."""
        look = partial(
            Book.preview, persons=persons, edges=edges, export_ref=export_ref, share=share
        )
        if len(persons) <= _FEW and not self._closed and self._using.acquire(blocking=False):
            try:
                return self._at_once(look)
            finally:
                self._using.release()
        return await self._ask(look)

    async def commit(
        self,
        persons: Sequence[Person],
        bands: Bands,
        *,
        year: int,
        export_ref: str,
        share: Share | None = None,
    ) -> Tally:
        """Count `persons`, all or none; durable on return. The same `export_ref` adds nobody twice.

        Raises `TallyMoved` (decide again) or `LedgerUnavailable` (send nothing).
        """
        if not export_ref:
            raise ValueError("an export needs a reference, so that a retry counts nobody twice")
        return await self._ask(lambda book: book.count(persons, bands, year, export_ref, share))

    async def erase(self, keys: Collection[bytes]) -> int:
        """Forget the keys of a person who asks for it; counts stay. Returns countings forgotten."""
        forget = frozenset(keys)
        return await self._ask(lambda book: book.erase(forget, self._clock()), alone=True)

    async def close(self) -> None:
        """Finish what waits and release the files; another process may open them then."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _at_once(self, work: Callable[[Book], Result]) -> Result:
        """The result of work that stages nothing, done in the thread that holds the book."""
        found: list[Any] = []

        def run() -> None:
            self._book.turn(self._clock())
            found.append(_outcome(work, self._book))

        failure = self._guard(run)
        if failure is not None:
            raise type(failure)(*failure.args) from failure.__cause__
        (outcome,) = found
        if isinstance(outcome, Exception):
            raise outcome
        result: Result = outcome
        return result

    async def _ask(self, work: Callable[[Book], Result], *, alone: bool = False) -> Result:
        if self._closed:
            raise LedgerUnavailable("the ledger is closed")
        job = _Job(work, alone=alone)
        self._jobs.put(job)
        result: Result = await job.future
        return result

    def _work(self) -> None:
        """The ledger's thread: take a group, decide it, make it durable, answer."""
        waiting: list[_Job | None] = []
        while True:
            jobs = self._take(waiting)
            if not jobs:
                break
            with self._using:
                self._decide(jobs)
            _answer(jobs)
            with self._using:
                self._guard(self._book.settle)
        with self._using, suppress(Exception):  # what is acknowledged lies in the journal already
            self._book.close()

    def _take(self, waiting: list[_Job | None]) -> list[_Job]:
        """The next group; empty when it is time to close. `waiting` keeps what came too early."""
        jobs: list[_Job] = []
        while len(jobs) < _GROUP and not (jobs and self._jobs.empty() and not waiting):
            job = waiting.pop() if waiting else self._jobs.get()
            if jobs and (job is None or job.alone):
                waiting.append(job)
                break
            if job is None:
                break
            jobs.append(job)
            if job.alone:
                break
        return jobs

    def _decide(self, jobs: list[_Job]) -> None:
        """Run a group and make it durable. If anything fails, all of it has failed."""
        failure = self._guard(lambda: self._run(jobs))
        if failure is not None:
            for job in jobs:  # each its own: a raised exception collects tracebacks
                job.outcome = type(failure)(*failure.args)
                job.outcome.__cause__ = failure.__cause__

    def _run(self, jobs: list[_Job]) -> None:
        book, now = self._book, self._clock()
        book.turn(now)
        for job in jobs:
            job.run(book)
        if book.staged:
            digest = book.flush(now)
            for job in jobs:
                if job.staged:
                    job.outcome = replace(job.outcome, digest=digest)

    def _guard(self, work: Callable[[], None]) -> LedgerUnavailable | None:
        """Do `work` unless the ledger has failed; note and return a failure."""
        if self._failure is not None:
            return self._failure
        try:
            work()
        except ClockBehind as error:  # passes when the clock is right again
            return error
        except LedgerUnavailable as error:
            self._failure = error
        except Exception as error:
            self._failure = LedgerUnavailable(
                f"the subject ledger failed ({type(error).__name__}: {error}); "
                "see to the disk, then open it again"
            )
            self._failure.__cause__ = error
        return self._failure


def _answer(jobs: list[_Job]) -> None:
    """Answer each job in its own loop; one that is gone has no caller left to tell."""
    for loop in {job.loop for job in jobs}:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_hand_over, [job for job in jobs if job.loop is loop])


def _hand_over(jobs: list[_Job]) -> None:
    for job in jobs:
        job.answer()
