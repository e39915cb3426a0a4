"""Files of the ledger: locks, torn tails, damage, I/O errors, kill -9, rebuilding."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.export.evidence import tally_facts
from gateway.ledger import journal
from gateway.ledger.book import standing
from gateway.ledger.index import Index
from gateway.ledger.model import Headcount, LedgerUnavailable
from gateway.ledger.rebuild import rebuild, rebuild_from_log
from gateway.ledger.sqlite import SqliteLedger
from tests.gateway.ledger.conftest import SqliteBackend
from tests.gateway.ledger.people import EDGES, EXPORTER, Clock, Person, key, person
from tests.gateway.ledger.test_contract import after, commit

ART3 = "cn.order16.art3"

CHILD = """
import asyncio, sys
from pathlib import Path
from gateway.ledger.model import Person
from gateway.ledger.sqlite import SqliteLedger
from tests.gateway.ledger.people import EXPORTER, OPEN_BANDS, Clock, person

async def export(ledger, worker, number):
    name = f"{worker}-{number}"
    done = await ledger.commit(
        [person(name), Person()], OPEN_BANDS, year=2026, export_ref=name
    )
    print(name, done.after.general, flush=True)

async def main(path, worker):
    ledger = SqliteLedger.open(Path(path), EXPORTER, clock=Clock(), recent_facts=40)
    for start in range(0, 100_000, 20):
        await asyncio.gather(*(export(ledger, worker, start + n) for n in range(20)))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def spoil(path: Path) -> None:
    path.write_bytes(b"not a database, " * 512)


def journal_of(path: Path, year: int = 2026) -> Path:
    return journal.path_of(path, year)


async def filled(path: Path, clock: Clock) -> None:
    """A ledger with 30 persons in three exports, closed."""
    ledger = SqliteLedger.create(path, EXPORTER, clock=clock)
    for start in (0, 10, 20):
        await commit(ledger, *(person(start + n) for n in range(10)), ref=str(start))
    await ledger.close()


def killed_child(path: Path, worker: int, after: int) -> dict[str, int]:
    """Export in another process, kill it, return the acknowledged exports with their counts."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), str(worker)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    lines = [child.stdout.readline() for _ in range(after)]
    child.send_signal(signal.SIGKILL)
    lines += child.stdout.read().splitlines(keepends=True)
    child.wait()
    return {name: int(count) for name, count in (line.split() for line in lines if "\n" in line)}


async def test_nothing_acknowledged_is_lost_by_kill_9(path: Path, clock: Clock) -> None:
    """Again and again, while exports are under way and slices are being settled."""
    await SqliteLedger.create(path, EXPORTER, clock=clock).close()
    acknowledged: dict[str, int] = {}
    for worker in range(5):
        acknowledged |= await asyncio.to_thread(killed_child, path, worker, 60 + 37 * worker)
        ledger = SqliteLedger.open(path, EXPORTER, clock=clock, recent_facts=40)
        counted = (await after(ledger)).general
        assert counted >= max(*acknowledged.values(), 2 * len(acknowledged))
        known = [person(name) for name in acknowledged]
        assert (await ledger.preview(known, EDGES)).tally.new == Headcount()
        await ledger.close()
        assert rebuild(path, EXPORTER, clock()).counted.general == counted


async def test_a_second_opening_is_refused(path: Path, clock: Clock) -> None:
    """It names the process that holds the ledger; afterwards the file is free."""
    ledger = SqliteLedger.create(path, EXPORTER, clock=clock)
    with pytest.raises(LedgerUnavailable, match=f"in use by process {os.getpid()}"):
        SqliteLedger.open(path, EXPORTER, clock=clock)
    with pytest.raises(LedgerUnavailable, match="in use"):
        rebuild(path, EXPORTER, clock())
    await ledger.close()
    await SqliteLedger.open(path, EXPORTER, clock=clock).close()


async def test_only_create_starts_a_ledger(path: Path, clock: Clock) -> None:
    """A mistyped path must not count from nought, nor a second create start over."""
    with pytest.raises(LedgerUnavailable, match="no ledger at"):
        SqliteLedger.open(path, EXPORTER, clock=clock)
    await filled(path, clock)
    with pytest.raises(LedgerUnavailable, match="already"):
        SqliteLedger.create(path, EXPORTER, clock=clock)
    os.unlink(path)  # the index alone
    with pytest.raises(LedgerUnavailable, match="already"):
        SqliteLedger.create(path, EXPORTER, clock=clock)


async def test_another_exporters_ledger_is_refused(path: Path, clock: Clock) -> None:
    """Thresholds are per exporter."""
    await filled(path, clock)
    with pytest.raises(LedgerUnavailable, match="counts for acme-cn, not for other-cn"):
        SqliteLedger.open(path, "other-cn", clock=clock)
    await SqliteLedger.open(path, EXPORTER, clock=clock).close()


@pytest.mark.parametrize("tail", [b"1234", b"\0" * 4096, b'00000000 {"type":"group"}\n'])
async def test_a_torn_tail_is_cut_off(path: Path, clock: Clock, tail: bytes) -> None:
    """It was never acknowledged."""
    await filled(path, clock)
    where = journal_of(path)
    size = where.stat().st_size
    with where.open("ab") as file:
        file.write(tail)
    assert standing(path).counted == Headcount(30, 0)
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock)
    assert where.stat().st_size == size
    assert await after(ledger) == Headcount(30, 0)
    await ledger.close()


async def test_damage_before_whole_lines_is_refused(path: Path, clock: Clock) -> None:
    """One bit of an acknowledged line: what follows shows that it once was durable."""
    await filled(path, clock)
    where = journal_of(path)
    content = bytearray(where.read_bytes())
    content[content.index(b"\n") + 40] ^= 1
    where.write_bytes(content)
    with pytest.raises(LedgerUnavailable, match="damaged at byte"):
        SqliteLedger.open(path, EXPORTER, clock=clock)


async def test_a_lost_tail_is_noticed(path: Path, clock: Clock) -> None:
    """The index knows more of the journal than there is."""
    await filled(path, clock)
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock, recent_facts=0)
    await commit(ledger, person("one more"), ref="more")
    await ledger.close()
    where = journal_of(path)
    os.truncate(where, where.stat().st_size - 10)
    with pytest.raises(LedgerUnavailable, match="part of it is lost"):
        SqliteLedger.open(path, EXPORTER, clock=clock)


async def test_a_damaged_index_fails_closed_and_is_rebuilt(path: Path, clock: Clock) -> None:
    """All it held is in the journal."""
    await filled(path, clock)
    await SqliteLedger.open(path, EXPORTER, clock=clock, recent_facts=0).close()
    spoil(path)
    with pytest.raises(LedgerUnavailable, match="not a database"):
        SqliteLedger.open(path, EXPORTER, clock=clock)
    assert rebuild(path, EXPORTER, clock()).counted == Headcount(30, 0)
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock)
    assert (await commit(ledger, *(person(n) for n in range(30)), ref="x")).new == Headcount()
    await ledger.close()


async def test_a_rebuild_finds_totals_that_do_not_add_up(path: Path, clock: Clock) -> None:
    """A line taken out of the middle leaves later totals too high."""
    await filled(path, clock)
    where = journal_of(path)
    lines = where.read_bytes().splitlines(keepends=True)
    where.write_bytes(b"".join(lines[:2] + lines[3:]))
    with pytest.raises(LedgerUnavailable, match="counts 30 persons as general and holds 20"):
        rebuild(path, EXPORTER, clock())


class Disk:
    """A disk whose next fdatasync can be made to fail."""

    def __init__(self) -> None:
        self.error: OSError | None = None

    def __call__(self, descriptor: int) -> None:
        if self.error is not None:
            raise self.error
        os.fdatasync(descriptor)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
async def test_an_io_error_fails_closed_until_reopened(
    path: Path, clock: Clock, number: int
) -> None:
    """No export of the group is acknowledged, nor any after it, though the disk recovers."""
    await filled(path, clock)
    disk = Disk()
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock, sync=disk)
    disk.error = OSError(number, os.strerror(number))
    exports = [commit(ledger, person(f"new {n}"), ref=f"new {n}") for n in range(10)]
    outcomes = await asyncio.gather(*exports, return_exceptions=True)
    assert all(isinstance(outcome, LedgerUnavailable) for outcome in outcomes)
    disk.error = None
    with pytest.raises(LedgerUnavailable, match=os.strerror(number)):
        await ledger.preview([], EDGES)
    await ledger.close()
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock)
    assert (await after(ledger)).general >= 30
    assert (await commit(ledger, person(0), ref="again")).new == Headcount()
    await ledger.close()


async def test_a_line_cut_short_by_a_full_disk_counts_nobody(path: Path, clock: Clock) -> None:
    """Half of it is on disk; on opening it is cut off and the exporter sends again."""
    await filled(path, clock)
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock)
    size = os.path.getsize(journal_of(path))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, hard))
    try:
        with pytest.raises(LedgerUnavailable, match="too large"):
            await commit(ledger, person("new"), ref="new")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert os.path.getsize(journal_of(path)) == size + 50
    await ledger.close()
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock)
    assert (await commit(ledger, person("new"), ref="new")).after == Headcount(31, 0)
    await ledger.close()


async def test_a_full_index_disk_fails_closed_and_loses_nothing(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settling fails after the answer: the next call is refused, the journal has it all."""
    await filled(path, clock)
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock, recent_facts=0)

    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Index, "settle", full)
    done = await commit(ledger, person("new"), ref="new")
    assert done.after == Headcount(31, 0)
    with pytest.raises(LedgerUnavailable, match="disk is full"):
        await commit(ledger, person("newer"), ref="newer")
    monkeypatch.undo()
    await ledger.close()
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock)
    assert await after(ledger) == Headcount(31, 0)
    await ledger.close()


async def test_an_erasure_that_fails_leaves_the_journal_as_it_was(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new file never took the old one's place; the ledger is closed and opened again."""
    await filled(path, clock)
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerUnavailable, match="No space left"):
        await ledger.erase([key(3)])
    monkeypatch.undo()
    await ledger.close()
    ledger = SqliteLedger.open(path, EXPORTER, clock=clock)
    assert (await commit(ledger, person(3), ref="again")).after == Headcount(30, 0)
    await ledger.close()


async def test_a_closed_ledger_refuses(path: Path, clock: Clock) -> None:
    """And closing twice does no harm."""
    ledger = SqliteLedger.create(path, EXPORTER, clock=clock)
    await ledger.close()
    await ledger.close()
    with pytest.raises(LedgerUnavailable, match="closed"):
        await commit(ledger, person("wang"))


async def test_a_caller_who_goes_away_stops_nobody(path: Path, clock: Clock) -> None:
    """Its persons may have been counted; they stay so."""
    ledger = SqliteLedger.create(path, EXPORTER, clock=clock)
    gone = asyncio.ensure_future(commit(ledger, person("wang")))
    await asyncio.sleep(0)
    gone.cancel()
    assert (await commit(ledger, person("li"), ref="2")).after == Headcount(2, 0)
    await ledger.close()


async def test_show_reads_a_ledger_in_use(path: Path, clock: Clock) -> None:
    """Counts only, opening and exempt flows beside them."""
    ledger = SqliteLedger.create(path, EXPORTER, clock=clock)
    await commit(ledger, person("wang"), Person(), person("li", exempt=ART3))
    shown = standing(path)
    assert (shown.counted, shown.unidentified) == (Headcount(2, 0), Headcount(1, 0))
    assert shown.exempt == {ART3: Headcount(1, 0)}
    assert shown.opening_missing
    await ledger.close()


async def test_the_old_years_index_is_gone_and_its_journal_stays(
    sqlite: SqliteBackend, clock: Clock
) -> None:
    """Keys of the year that is over lie in one file, to be deleted when it need not be shown."""
    ledger = await sqlite.create()
    await commit(ledger, *(person(n) for n in range(200)))
    ledger = await sqlite.open()
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    await commit(ledger, person("new"), year=2027)
    await sqlite.close()
    assert journal.years(sqlite.path) == [2026, 2027]
    assert not any(key(n) in sqlite.path.read_bytes() for n in range(200))


async def test_an_erased_key_is_in_no_file(sqlite: SqliteBackend) -> None:
    """Neither journal nor index, once closed."""
    ledger = await sqlite.create()
    linked = Person(strong=key(8), weak=(key("name"),))
    await commit(ledger, linked, *(person(n) for n in range(200)))
    ledger = await sqlite.open()
    assert await ledger.erase([key(7), key("name")]) == 1
    await sqlite.close()
    for file in sqlite.path.parent.iterdir():
        content = file.read_bytes()
        runs = re.findall(rb'"([A-Za-z0-9+/=]{24,})"', content)
        for gone in (key(7), key("name")):
            assert gone not in content
            assert not any(gone in b64decode(run) for run in runs)
    assert standing(sqlite.path).erased == Headcount(1, 0)
    assert rebuild(sqlite.path, EXPORTER, sqlite.clock()).counted == Headcount(200, 0)


async def test_an_audit_entry_holds_counts_and_a_digest(path: Path, clock: Clock) -> None:
    """The digest is that of the journal's line; no key is in the entry."""
    ledger = SqliteLedger.create(path, EXPORTER, clock=clock)
    done = await commit(ledger, person("wang"), person("li", exempt=ART3))
    await ledger.close()
    lines = journal_of(path).read_bytes().splitlines(keepends=True)
    assert tally_facts(done)["ledger"] == journal.digest(lines[-1])
    assert key("wang").hex() not in str(tally_facts(done))


async def test_totals_come_back_from_the_log_alone(path: Path, clock: Clock) -> None:
    """The new ledger starts from them, counts everyone as new, and says so."""
    ledger = SqliteLedger.create(path, EXPORTER, clock=clock)
    entries = [
        tally_facts(await commit(ledger, person(n), person(n, exempt=ART3), ref=str(n)))
        for n in range(5)
    ]
    await ledger.close()
    totals = rebuild_from_log(reversed(entries), 2026)
    assert totals.counted == Headcount(5, 0)
    assert totals.exempt == {ART3: Headcount(5, 0)}
    opening = totals.opening(clock())
    assert "every person counts as new" in opening.evidence
    anew = SqliteLedger.create(path.with_name("new.db"), EXPORTER, opening, clock=clock)
    assert (await commit(anew, person(0))).after == Headcount(6, 0)
    await anew.close()


def test_the_first_line_names_the_format(path: Path, clock: Clock) -> None:
    """A file of another kind is not read as a journal."""
    journal_of(path).write_bytes(b"something else\n")
    with pytest.raises(LedgerUnavailable, match="does not begin as"):
        SqliteLedger.open(path, EXPORTER, clock=clock)


async def test_files_are_private(path: Path, clock: Clock) -> None:
    """Keyed hashes of persons are personal information (PIPL art 73)."""
    await filled(path, clock)
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name
