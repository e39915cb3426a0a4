"""The log itself: what append promises, what opening again restores."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from audit_log import reader
from audit_log.committer import Committer
from audit_log.entry import decode, draft
from audit_log.errors import (
    AuditUnavailable,
    EntryTooLarge,
    InvalidEntry,
    LogDamaged,
    LogExists,
)
from audit_log.log import AuditLog
from audit_log.memory import Memory
from audit_log.tree import leaf_hash
from tests.audit_log.logs import NODE, ORIGIN, FakeClock, Home, export, filled


async def test_entries_read_back_with_their_receipts(home: Home) -> None:
    """Receipts name the index and leaf hash under which the entry is found."""
    home.create()
    log = home.open()
    receipts = await log.append([export(1), export(2)])
    receipts = [*receipts, *await log.append([export(3)])]
    assert log.size == 3
    await log.close()
    found = list(reader.entries(home.log))
    assert [(one.seq, one.leaf) for one in receipts] == [
        (seq, leaf_hash(data).hex()) for seq, data in found
    ]
    last = decode(found[2][1])
    assert (last["number"], last["seq"], last["node"], last["v"]) == (3, 2, NODE, 1)


async def test_calls_in_flight_stay_whole(home: Home) -> None:
    """Entries of one call are contiguous, whatever else is being appended."""
    home.create()
    log = home.open()

    async def caller(number: int) -> None:
        for _ in range(5):
            receipts = await log.append([export(number)] * 7)
            assert [one.seq for one in receipts] == list(
                range(receipts[0].seq, receipts[0].seq + 7)
            )

    await asyncio.gather(*(caller(number) for number in range(40)))
    await log.close()
    numbers = [body["number"] for body in reader.documents(home.log)]
    assert len(numbers) == 40 * 5 * 7
    assert all(len(set(numbers[at : at + 7])) == 1 for at in range(0, len(numbers), 7))
    assert home.verify().ok


async def test_a_shape_is_written_once(home: Home) -> None:
    """A known shape gets its first receipt: in one call, later, and after opening again."""
    home.create()
    log = home.open()
    shape = {"kind": "shape", "shape": "ab" * 32, "input": {}, "decision": {}}
    first, _, second = await log.append([shape, export(), shape])
    assert first == second
    assert await log.append([shape]) == [first]
    await log.close()
    log = home.open()
    assert await log.append([shape]) == [first]
    assert log.size == 2
    await log.close()


async def test_nothing_is_written_for_a_bad_entry(home: Home) -> None:
    """One bad entry refuses the whole call, and the log goes on."""
    home.create()
    log = home.open()
    with pytest.raises(InvalidEntry):
        await log.append([export(), {"kind": "export", "score": 0.5}])
    with pytest.raises(EntryTooLarge):
        await log.append([export(), export(pad=70_000)])
    with pytest.raises(InvalidEntry):
        await log.append([export()] * 257)
    assert await log.append([]) == ()
    assert log.size == 0
    assert log.healthy
    await log.append([export()] * 256)
    await log.close()


async def test_time_never_runs_back(home: Home) -> None:
    """A clock set back does not show in the log, not even across a restart."""
    home.create()
    clock = FakeClock()
    log = home.open(clock=clock)
    await log.append([export()])
    clock.now_us -= 3_600_000_000
    await log.append([export()])
    await log.close()
    log = home.open(clock=FakeClock(start_us=1))
    await log.append([export()])
    await log.close()
    times = [body["ts_us"] for body in reader.documents(home.log)]
    assert times == sorted(times)
    assert home.verify().ok


async def test_unfinished_exports_are_named_after_a_restart(home: Home) -> None:
    """Released exports without an outcome are listed; denied and closed ones are not."""
    home.create()
    log = home.open()
    await log.append([export(0), export(1), export(2, released=False), export(3)])
    await log.append([{"kind": "outcome", "export": 1, "status": "delivered"}])
    await log.close()
    log = home.open()
    assert log.unfinished == (0, 3)
    for seq in log.unfinished:
        await log.append([{"kind": "outcome", "export": seq, "status": "unknown"}])
    await log.close()
    log = home.open()
    assert log.unfinished == ()
    await log.close()
    assert home.verify().outcomes == {"delivered": 1, "unknown": 2}


async def test_create_and_open_are_apart(home: Home) -> None:
    """Create never overwrites, open never creates, and only one may have it open."""
    with pytest.raises(LogDamaged):
        home.open()
    home.create()
    with pytest.raises(LogExists):
        home.create()
    log = home.open()
    with pytest.raises(AuditUnavailable):
        home.open()
    await log.close()
    with pytest.raises(AuditUnavailable):
        await log.append([export()])
    assert not log.healthy


def test_the_state_must_lie_outside(home: Home) -> None:
    """A last-signed file inside the log would be rolled back with it."""
    with pytest.raises(ValueError, match="outside"):
        AuditLog.create(home.log, origin=ORIGIN, node=NODE, key=home.key, state=home.log / "state")


async def test_a_checkpoint_follows_by_itself(home: Home) -> None:
    """Entries are signed without anybody asking, and at once when asked."""
    home.create()
    log = home.open(publish_seconds=0.01)
    await log.append([export()])
    async with asyncio.timeout(60):
        while b"\n1\n" not in (home.log / "checkpoint").read_bytes():  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.01)
    await log.append([export()])
    assert b"\n2\n" in await log.checkpoint()
    await log.close()


async def test_entries_after_the_last_checkpoint_survive(home: Home, tmp_path: Path) -> None:
    """A copy taken before publication recovers all acknowledged entries and signs them."""
    home.create()
    log = home.open(publish_seconds=3600)
    await log.append([export()] * 5)
    crashed = home.copy(tmp_path / "crashed")
    await log.close()
    log = crashed.open()
    assert log.size == 5
    await log.close()
    report = crashed.verify()
    assert report.ok
    assert report.size == 5


class FailingFrames:
    """A disk that takes `good` groups, then fails once."""

    def __init__(self, good: int) -> None:
        self.good = good

    def append(self, frame: bytes, *, seq: int, ts_us: int) -> None:
        if not self.good:
            raise OSError(28, "No space left on device")
        self.good -= 1

    def close(self) -> None: ...


async def test_one_write_error_ends_the_log(home: Home) -> None:
    """Waiting and later appends fail, for good, though the disk would work again."""
    home.create()
    log = home.open()
    await log.append([export()])
    disk = log._committer._writer
    log._committer._writer = FailingFrames(0)
    calls = [log.append([export(number)]) for number in range(20)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(one, AuditUnavailable) for one in answers)
    assert not log.healthy
    log._committer._writer = disk
    with pytest.raises(AuditUnavailable):
        await log.append([export()])
    await log.close()
    log = home.open()
    assert log.size == 1
    await log.close()


async def test_a_publication_error_ends_the_log(home: Home) -> None:
    """What cannot be signed must not go on growing unsigned."""
    home.create()
    log = home.open(publish_seconds=3600)
    (home.log / "tile").rename(home.log / "gone")
    (home.log / "tile").write_bytes(b"")
    await log.append([export()])
    with pytest.raises(AuditUnavailable):
        await log.checkpoint()
    with pytest.raises(AuditUnavailable):
        await log.append([export()])
    (home.log / "tile").unlink()
    (home.log / "gone").rename(home.log / "tile")
    with pytest.raises(AuditUnavailable):
        await log.checkpoint()
    await log.close()
    await home.open().close()
    assert home.verify().size == 1


def test_only_durable_entries_are_published() -> None:
    """The publisher hears of a group after the write, never before."""
    told: list[Sequence[bytes]] = []
    committer = Committer(
        FailingFrames(1), Memory(), b"\x00" * 32, clock=FakeClock(), durable=told.append
    )
    committer.write_now(draft(export(), node="n"))
    assert len(told) == 1
    with pytest.raises(OSError, match="space"):
        committer.write_now(draft(export(), node="n"))
    assert len(told) == 1
    assert committer.durable_size == 1


async def test_closing_as_a_checkpoint_begins(home: Home) -> None:
    """A publisher that is just taking leaves learns all the same that it is to end."""

    class Gate:
        def __init__(self) -> None:
            self.entered, self.opened = threading.Event(), threading.Event()

        def __enter__(self) -> None:
            self.entered.set()
            self.opened.wait()

        def __exit__(self, *error: object) -> None:
            pass

    home.create()
    log = home.open(publish_seconds=0)
    publisher, gate = log._publisher, Gate()
    publisher._publishing = gate  # type: ignore[assignment]
    await log.append([export()])
    await asyncio.to_thread(gate.entered.wait)
    closing = asyncio.create_task(log.close())
    await asyncio.to_thread(publisher._closing.wait)
    with publisher._lock:
        gate.opened.set()
    try:
        await asyncio.wait_for(asyncio.shield(closing), 60)
    finally:
        publisher._has_leaves.set()  # or a failure here would never end
        await closing
    assert home.verify().size == 1


async def test_a_full_segment_is_followed_by_another(home: Home, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Entries run on through segments by size and by age."""
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 10)
    await filled(home, 35, group=4)
    names = sorted(path.name for path in (home.log / "seg").iterdir())
    assert [int(name.split(".")[0]) for name in names] == [0, 12, 24]
    log = home.open(clock=FakeClock(2_000_000_000_000_000))
    await log.append([export()])
    await log.close()
    assert len(list((home.log / "seg").iterdir())) == 4
    assert [seq for seq, _ in reader.entries(home.log, 11, 26)] == list(range(11, 26))
    assert home.verify().ok


async def test_files_are_private(home: Home) -> None:
    """Nobody but the owner can read the log."""
    await filled(home, 3)
    for folder, _, names in os.walk(home.log):
        assert not os.stat(folder).st_mode & 0o077
        assert all(not os.stat(Path(folder) / name).st_mode & 0o077 for name in names)
