"""The audit log of one node: create, open, append, close."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log import durable, entry, publisher
from audit_log.committer import Committer, Request
from audit_log.entry import Draft
from audit_log.errors import (
    AuditUnavailable,
    EntryTooLarge,
    InvalidEntry,
    LogDamaged,
    LogExists,
)
from audit_log.frames import MAX_GROUP
from audit_log.locking import lock_log
from audit_log.memory import Receipt
from audit_log.note import Signer
from audit_log.publisher import Place, Publisher
from audit_log.recovery import recover
from audit_log.sealer import Sealer
from audit_log.segments import SegmentWriter, remove_replaced
from audit_log.tiles import TiledTree

__all__ = [
    "AuditLog",
    "AuditUnavailable",
    "EntryTooLarge",
    "InvalidEntry",
    "LogDamaged",
    "LogExists",
    "Receipt",
]


_SHAPES: Final = 256  # checked entries of this kind that are kept at hand


def wall_clock_us() -> int:
    """Microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000


class AuditLog:
    """An append-only log. One process at a time may have it open.

    `directory` holds the log, `state` (outside it) its last signed checkpoint, so that an older
    copy of the directory is noticed. `origin` names the log and its key in checkpoints.
    """

    @classmethod
    def create(
        cls, directory: Path, *, origin: str, node: str, key: Ed25519PrivateKey, state: Path
    ) -> None:
        """Make an empty log with a signed checkpoint of size 0. Raises `LogExists`."""
        place = _place(directory, state)
        for path in (place.checkpoint, directory / "seg", state):
            if path.exists():
                raise LogExists(f"{path} exists; a log is never created over another")
        signer = Signer(origin, key)
        for folder in ("seg", "tile", "ckpt", "keys"):
            durable.make_directories(directory / folder)
        durable.make_directories(state.parent)
        durable.create_file(directory / "keys" / f"{node}.vkey", f"{signer.verifier}\n".encode())
        publisher.publish(place, signer, TiledTree(), [])

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        origin: str,
        node: str,
        key: Ed25519PrivateKey,
        state: Path,
        clock: Callable[[], int] = wall_clock_us,
        publish_seconds: float = 0.5,
    ) -> AuditLog:
        """Recover the log and start its threads. `clock` tells microseconds since 1970.

        Raises `LogDamaged` where the disk is not what was signed, `AuditUnavailable` where
        another process has the log open or the disk fails.
        """
        place = _place(directory, state)
        lock = lock_log(directory)
        try:
            return cls(
                lock,
                place,
                Signer(origin, key),
                node=node,
                clock=clock,
                publish_seconds=publish_seconds,
            )
        except BaseException as error:
            os.close(lock)
            if isinstance(error, OSError):
                raise AuditUnavailable(f"the audit log cannot be read: {error}") from error
            raise

    def __init__(
        self,
        lock: int,
        place: Place,
        signer: Signer,
        *,
        node: str,
        clock: Callable[[], int],
        publish_seconds: float,
    ) -> None:
        self._lock = lock
        self._node = node
        self._shapes: dict[str, Draft] = {}  # checked before; a `shape` is told by its digest
        self._closed = False
        found = recover(place, signer.verifier)
        if found.published < found.tree.size:
            publisher.publish(place, signer, found.tree, found.full)
        remove_replaced(place.directory)
        self._sealer = Sealer(place.directory, failed=self._fail)
        self._publisher = Publisher(
            place,
            signer,
            found.tree,
            seconds=publish_seconds,
            published=self._sealer.signed,
            failed=self._fail,
        )
        self._committer = Committer(
            SegmentWriter(
                place.directory,
                first=found.last.first if found.last else found.memory.size,
                since_us=found.since_us,
                finished=self._sealer.finished,
            ),
            found.memory,
            found.chain,
            clock=clock,
            durable=self._publisher.add,
        )
        self.unfinished: Sequence[int] = tuple(found.memory.unfinished)
        if found.cut is not None:
            body = {"kind": "recovered", "bytes": found.cut.bytes, "sha256": found.cut.sha256}
            self._committer.write_now(entry.draft(body, node=node))
        self._sealer.signed(found.tree.size)
        for thread in (self._committer, self._publisher, self._sealer):
            thread.start()

    @property
    def size(self) -> int:
        """How many entries are durable."""
        return self._committer.durable_size

    @property
    def healthy(self) -> bool:
        """False for good after the first I/O error, and once closed."""
        return self._committer.failure is None and not self._closed

    async def append(self, entries: Sequence[Mapping[str, Any]]) -> Sequence[Receipt]:
        """Write `entries`, contiguous and in one group; return once they are durable.

        At most 256 a call. Raises `InvalidEntry` or `EntryTooLarge` before anything is written,
        `AuditUnavailable` where durability cannot be had.
        """
        if len(entries) > MAX_GROUP:
            raise InvalidEntry(f"{len(entries)} entries in one call; at most {MAX_GROUP}")
        drafts = [self._draft(body) for body in entries]
        if not drafts:
            return ()
        loop = asyncio.get_running_loop()
        request = Request(drafts, loop, loop.create_future())
        self._committer.submit(request)
        return await request.future

    def _draft(self, body: Mapping[str, Any]) -> Draft:
        shape = body.get("shape") if body.get("kind") == "shape" else None
        known = self._shapes.get(shape) if isinstance(shape, str) else None
        if known is not None:
            return known
        made = entry.draft(body, node=self._node)
        if made.holds_shape is not None:
            if len(self._shapes) >= _SHAPES:
                self._shapes.clear()
            self._shapes[made.holds_shape] = made
        return made

    async def checkpoint(self) -> bytes:
        """Publish everything durable now; return the signed checkpoint."""
        try:
            return await asyncio.to_thread(self._publisher.publish)
        except Exception as error:
            self._fail(error)
            raise AuditUnavailable(f"the checkpoint could not be published: {error}") from error

    async def close(self) -> None:
        """Write what waits, publish it, let go of the log.

        Raises `AuditUnavailable` where that fails; a log that failed before is just let go.
        """
        if self._closed:
            return
        self._closed = True
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        try:
            self._committer.close()
            self._publisher.close()
            if self._committer.failure is None:
                self._publisher.publish()
            self._sealer.close()
        except (OSError, LogDamaged) as error:
            raise AuditUnavailable(f"the audit log did not close cleanly: {error}") from error
        finally:
            os.close(self._lock)

    def _fail(self, cause: BaseException) -> None:
        self._committer.fail(cause)


def _place(directory: Path, state: Path) -> Place:
    if state.resolve().is_relative_to(directory.resolve()):
        raise ValueError(f"{state}: the last-signed file must lie outside the log's directory")
    return Place(directory, state)
