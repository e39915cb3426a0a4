"""A pool of worker processes, as the serving process sees it."""

from __future__ import annotations

import asyncio
import itertools
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
import structlog

from gateway.detectors import Detectors
from gateway.errors import CannotDecide
from gateway.export.parts import Message
from gateway.export.transfer import Transfer
from gateway.export.work import Inspected, Outgoing
from gateway.ledger.subjects import Subjects
from gateway.settings import Settings
from gateway.workers.wire import (
    LENGTH_BYTES,
    Begin,
    Failed,
    Found,
    Inspect,
    Job,
    Ready,
    Request,
    Tell,
    Told,
    Treat,
    Treated,
    length,
    packed,
    reply,
)
from policies.model import Decision

_START_SECONDS: Final = 120.0  # pattern databases may have to be compiled
_GRACE_SECONDS: Final = 5.0  # past its deadline; then a worker hangs
_LOOK_SECONDS: Final = 1.0
_ENDED: Final = Failed("CannotDecide", "a worker has ended; nothing was sent")
_PAUSE_SECONDS: Final = 0.5  # before a worker is replaced

log = structlog.get_logger(__name__)


class _Process:
    """One worker and what it was asked."""

    def __init__(self, process: asyncio.subprocess.Process, end: socket.socket) -> None:
        self._process, self._end = process, end
        self._numbers = itertools.count()
        self._waiting: dict[int, tuple[float, asyncio.Future[Any]]] = {}  # until when, for what
        self._forgotten: list[int] = []
        self.kept = 0  # messages whose findings it keeps, for jobs that are still to come
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def load(self) -> int:
        """How many jobs it has."""
        return len(self._waiting)

    async def begin(self, begin: Begin) -> str:
        """Its detectors' digest, once it is ready. Raises `CannotDecide`."""
        reader, self._writer = await asyncio.open_connection(sock=self._end)
        self._reading = asyncio.create_task(self._read(reader))
        async with asyncio.timeout(_START_SECONDS):
            ready: Ready = await self.ask(begin, time.monotonic() + _START_SECONDS)
        return ready.detectors

    async def ask(self, job: Job, deadline: float) -> Any:
        """The result of a job. Raises the `GatewayError` that ended it."""
        if self._writer is None or self._reading is None or self._reading.done():
            raise _ENDED.error
        number = next(self._numbers)
        future = asyncio.get_running_loop().create_future()
        self._waiting[number] = deadline, future
        forgotten, self._forgotten = self._forgotten, []
        self._writer.write(packed(Request(number, job, forgotten)))
        with suppress(ConnectionError):  # the reader has noticed
            await self._writer.drain()
        result = await future
        if isinstance(result, Failed):
            raise result.error
        return result

    def forget(self, token: int) -> None:
        """What it keeps under `token` is no longer needed."""
        self._forgotten.append(token)
        self.kept -= 1

    @property
    def hangs(self) -> bool:
        """Whether a job is long past its deadline: what computes heeds it."""
        now = time.monotonic() - _GRACE_SECONDS
        return any(deadline < now for deadline, _ in self._waiting.values())

    async def ended(self) -> None:
        """Wait until it has ended."""
        if self._reading is not None:
            await asyncio.wait([self._reading])

    async def stop(self) -> None:
        """End it."""
        if self._writer is not None:
            self._writer.close()
        else:
            self._end.close()
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    def kill(self) -> None:
        """End it at once; `ended` returns soon."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                head = await reader.readexactly(LENGTH_BYTES)
                answer = reply(await reader.readexactly(length(head)))
                _, future = self._waiting.pop(answer.number)
                if not future.done():  # nobody may wait for it any more
                    future.set_result(answer.result)
        except (EOFError, ConnectionError):
            pass
        except (KeyError, msgspec.DecodeError):  # no worker of ours answers so
            self.kill()
        finally:
            for _, future in self._waiting.values():
                if not future.done():
                    future.set_result(
                        Failed("CannotDecide", "a worker has ended; nothing was sent")
                    )
            self._waiting.clear()


@dataclass(slots=True)
class _Kept:
    """Where a message's findings are kept, until nobody needs them."""

    process: _Process
    token: int

    def __del__(self) -> None:
        self.process.forget(self.token)


class Pool:
    """Work done by processes. See `gateway.export.work.Work`."""

    def __init__(self, begin: Begin, detectors: str, count: int) -> None:
        """`begin` is told to every worker, which must have the digest `detectors`, too."""
        self._begin, self._detectors, self._count = begin, detectors, count
        self._processes: list[_Process] = []
        self._tokens = itertools.count()
        self._tending: list[asyncio.Task[None]] = []

    @property
    def parallel(self) -> int:
        """See `Work`."""
        return self._count

    @property
    def problem(self) -> str:
        """Why nothing can be computed now; "" where it can."""
        return "" if self._processes else "no worker is up"

    async def start(self) -> None:
        """Start all workers. Raises `CannotDecide` where one cannot be started."""
        starting = (self._new() for _ in range(self._count))
        started = await asyncio.gather(*starting, return_exceptions=True)
        self._processes = [each for each in started if isinstance(each, _Process)]
        for failure in started:
            if isinstance(failure, BaseException):
                raise CannotDecide(f"a worker cannot be started: {failure}") from failure
        for process in self._processes:
            self._tending.append(asyncio.create_task(self._tend(process)))
        self._tending.append(asyncio.create_task(self._look()))

    async def close(self) -> None:
        """Stop all workers."""
        for task in self._tending:
            task.cancel()
        await asyncio.gather(*self._tending, return_exceptions=True)
        await asyncio.gather(*(process.stop() for process in self._processes))
        self._processes = []

    async def inspect(
        self, transfer: Transfer, message: Message, key_versions: Mapping[str, int]
    ) -> Inspected:
        """See `Work`."""
        if not self._processes:
            raise CannotDecide("no worker is up; try again")
        process = min(self._processes, key=lambda each: (each.kept, each.load))
        process.kept += 1
        kept = _Kept(process, next(self._tokens))
        job = Inspect(kept.token, transfer, message, key_versions)
        found: Found = await process.ask(job, transfer.deadline)
        return Inspected(
            message=message,
            records=found.records,
            groups=found.groups,
            inspection=found.inspection,
            key_versions=key_versions,
            kept=kept,
            drift=found.drift,
        )

    async def subjects(self, transfer: Transfer, found: Inspected) -> Subjects:
        """See `Work`."""
        kept: _Kept = found.kept
        told: Told = await kept.process.ask(Tell(kept.token, transfer), transfer.deadline)
        return told.subjects

    async def treat(
        self,
        transfer: Transfer,
        found: Inspected,
        decisions: Sequence[Decision],
        *,
        head_sent: bool = False,
    ) -> Outgoing:
        """See `Work`."""
        kept: _Kept = found.kept
        job = Treat(kept.token, transfer, decisions, head_sent)
        treated: Treated = await kept.process.ask(job, transfer.deadline)
        outgoing = treated.outgoing
        if outgoing.message.body == found.message.body:  # the stages tell by identity
            same = replace(outgoing.message, body=found.message.body)
            outgoing = replace(outgoing, message=same)
        return outgoing

    async def _new(self) -> _Process:
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "gateway.workers.child",
                str(theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=asyncio.subprocess.DEVNULL,
            )
        made = _Process(process, ours)
        try:
            detectors = await made.begin(self._begin)
        except BaseException as error:
            await made.stop()
            if isinstance(error, TimeoutError):
                raise CannotDecide("a worker did not start in time") from error
            raise
        if detectors == self._detectors:
            return made
        await made.stop()
        raise CannotDecide("a worker has other detectors than the serving process")

    async def _tend(self, process: _Process) -> None:
        """Replace a worker that ends."""
        while True:
            await process.ended()
            self._processes.remove(process)
            log.error("worker ended", left=len(self._processes))
            await process.stop()
            process = await self._again()
            self._processes.append(process)

    async def _again(self) -> _Process:
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            try:
                return await self._new()
            except (CannotDecide, OSError) as error:
                log.error("worker not started", error=type(error).__name__)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            for process in self._processes:
                if process.hangs:
                    log.error("worker hangs")
                    process.kill()


@asynccontextmanager
async def pool_of(
    settings: Settings, detectors: Detectors, count: int, *, warm: bool = False
) -> AsyncIterator[Pool]:
    """`count` workers, stopped at the end. Raises `CannotDecide`."""
    pool = Pool(Begin(settings, detectors.sources, warm), detectors.digest, count)
    try:
        await pool.start()
        yield pool
    finally:
        await pool.close()
