"""The one thread that writes entries: group commit without linger, fail closed on any error."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import islice
from queue import Empty, SimpleQueue
from typing import NamedTuple, Protocol

from audit_log import frames
from audit_log.entry import Draft
from audit_log.errors import AuditUnavailable
from audit_log.frames import MAX_GROUP
from audit_log.memory import Memory, Receipt


class Frames(Protocol):
    """Where groups go. Returning means durable."""

    def append(self, frame: bytes, *, seq: int, ts_us: int) -> None:
        """Write one group that starts at entry `seq`."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


Answer = Sequence[Receipt] | AuditUnavailable


class Request(NamedTuple):
    """The entries of one call, and who waits for them."""

    drafts: Sequence[Draft]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Sequence[Receipt]]


class Committer:
    """Takes all that waits, up to 256 entries, writes it as one frame, then acknowledges."""

    def __init__(
        self,
        writer: Frames,
        memory: Memory,
        chain: bytes,
        *,
        clock: Callable[[], int],
        durable: Callable[[Sequence[bytes]], None],
    ) -> None:
        self._writer = writer
        self._memory = memory
        self._chain = chain
        self._clock = clock
        self._durable = durable  # told the leaf hashes of each group once it is on disk
        self._durable_size = memory.size
        self._queue: SimpleQueue[Request | None] = SimpleQueue()
        self._ahead: Request | None = None  # taken from the queue, but the group was full
        self._submitting = threading.Lock()
        self._closing = False
        self._failure: AuditUnavailable | None = None
        self._thread = threading.Thread(target=self._run, name="audit-committer", daemon=True)

    @property
    def failure(self) -> AuditUnavailable | None:
        """Why nothing can be written any more, if so."""
        return self._failure

    @property
    def durable_size(self) -> int:
        """Entries on disk; others may be under way."""
        return self._durable_size

    def start(self) -> None:
        """Begin taking requests."""
        self._thread.start()

    def write_now(self, made: Draft) -> None:
        """Write one entry of the log's own in the calling thread, before `start`."""
        self._write([[made]])

    def submit(self, request: Request) -> None:
        """Queue a request. Raises `AuditUnavailable` after a failure or close."""
        with self._submitting:
            if self._failure is not None:
                raise AuditUnavailable(str(self._failure))
            if self._closing:
                raise AuditUnavailable("the audit log is closed")
            self._queue.put(request)

    def fail(self, cause: BaseException) -> AuditUnavailable:
        """Refuse everything from now on. An I/O error is final: retrying fsync would lie."""
        if self._failure is None:
            self._failure = AuditUnavailable(
                f"the audit log failed and takes no more entries: {cause}"
            )
        return self._failure

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._submitting:
            self._closing = True
            self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join()
        self._writer.close()

    def _run(self) -> None:
        while requests := self._take():
            _deliver(self._answers(requests))

    def _answers(self, requests: Sequence[Request]) -> list[tuple[Request, Answer]]:
        failure = self._failure
        if failure is None:
            try:
                receipts = self._write([request.drafts for request in requests])
                return list(zip(requests, receipts, strict=True))
            except BaseException as error:  # whatever it is, nothing may be written after it
                failure = self.fail(error)
        return [(request, failure) for request in requests]

    def _take(self) -> list[Request]:
        """Wait for a request, then take all that are there and fit; none when closing."""
        request = self._ahead or self._queue.get()
        self._ahead = None
        taken: list[Request] = []
        room = MAX_GROUP
        while request is not None:
            room -= len(request.drafts)
            if room < 0:
                self._ahead = request
                break
            taken.append(request)
            try:
                request = self._queue.get_nowait()
            except Empty:
                return taken
        if request is None and taken:
            self._queue.put(None)  # closing: the next round ends
        return taken

    def _write(self, calls: Sequence[Sequence[Draft]]) -> list[list[Receipt]]:
        memory = self._memory
        first, ts_us = memory.size, max(self._clock(), memory.ts_us)
        drafts = [made for its in calls for made in its]
        fresh = self._fresh(drafts)
        noted: list[Receipt] = []
        if fresh:
            payload, leaves, self._chain = frames.compose(
                [made.parts for made in fresh], first, ts_us, self._chain
            )
            noted = [
                memory.note(made, seq, ts_us, leaf)
                for seq, (made, leaf) in enumerate(zip(fresh, leaves, strict=True), first)
            ]
            self._writer.append(frames.encode(payload), seq=first, ts_us=ts_us)
            self._durable_size = memory.size
            self._durable(leaves)
        if len(fresh) < len(drafts):
            noted = self._with_known(drafts, fresh, noted)
        receipts = iter(noted)
        return [list(islice(receipts, len(its))) for its in calls]

    def _fresh(self, drafts: list[Draft]) -> list[Draft]:
        """What is to be written: all but the shapes that were, in this group or before."""
        if not any(made.holds_shape for made in drafts):
            return drafts
        shapes: set[str] = set()

        def is_fresh(made: Draft) -> bool:
            shape = made.holds_shape
            if shape is None:
                return True
            if shape in self._memory.shapes or shape in shapes:
                return False
            shapes.add(shape)
            return True

        return list(filter(is_fresh, drafts))

    def _with_known(
        self, drafts: Sequence[Draft], fresh: Sequence[Draft], noted: Sequence[Receipt]
    ) -> list[Receipt]:
        """The receipts of all, those of shapes being the first that each got."""
        found = zip(fresh, noted, strict=True)
        own = iter([one for made, one in found if made.holds_shape is None])
        shapes = self._memory.shapes
        return [
            next(own) if made.holds_shape is None else shapes[made.holds_shape] for made in drafts
        ]


def _deliver(answers: Sequence[tuple[Request, Answer]]) -> None:
    """Wake each event loop once, whatever number of its calls are answered."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Request, Answer]]] = defaultdict(list)
    for request, answer in answers:
        by_loop[request.loop].append((request, answer))
    for loop, its in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, its)


def _settle(answers: Sequence[tuple[Request, Answer]]) -> None:
    for request, answer in answers:
        if request.future.done():
            continue  # the caller gave up waiting; the entries stand all the same
        if isinstance(answer, AuditUnavailable):
            request.future.set_exception(AuditUnavailable(str(answer)))
        else:
            request.future.set_result(answer)
