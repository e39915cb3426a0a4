"""Erasing and expiring: said first, done for good, and never at the cost of a proof."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audit_log import proof, reader, retention
from audit_log.commitment import Vault, commit
from audit_log.export import ExportRefused, export_range
from audit_log.note import VerifierKey
from audit_log.report import Code
from tests.audit_log.logs import FakeClock, Home, export, finish
from tests.audit_log.test_sealed import SHAPE

START = 1_700_000_000_000_000
YEARS = 4 * 366 * 86_400_000_000


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten entries fill a segment."""
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 10)


def make_vault(home: Home) -> Vault:
    Vault.create(home.root / "vault" / "salts")
    return Vault(home.root / "vault" / "salts")


async def test_an_erasure_is_logged_and_leaves_the_proofs(home: Home) -> None:
    """The salt goes, the entry with its commitment stays provable, the log says why."""
    home.create()
    log = home.open()
    vault = make_vault(home)
    row, salt = vault.draw()
    body = export() | {"salt": row, "in": commit(salt, "phone", "13800138000")}
    await log.append([body])
    before = await log.checkpoint()
    await retention.erase(log, vault, [row], reason="request-17")
    await log.close()
    assert vault.salt(row) is None
    report = home.verify(vault=home.root / "vault" / "salts")
    assert report.ok
    assert report.kinds["erase"] == 1
    made = proof.prove(home.log, 0)
    proof.verify(made, reader.entry(home.log, 0), key=VerifierKey.parse(home.vkey))
    assert before in (path.read_bytes() for path in (home.log / "ckpt").iterdir())


async def test_a_silent_erasure_is_found(home: Home) -> None:
    """A salt that is gone without an entry shows."""
    home.create()
    vault = make_vault(home)
    vault.draw()
    row, _ = vault.draw()
    vault.erase([row])
    report = home.verify(vault=home.root / "vault" / "salts")
    assert [one.code for one in report.problems] == [Code.TAMPERED]


async def test_an_interrupted_erasure_is_known(home: Home) -> None:
    """Said but not done: the rows are named, to be finished."""
    home.create()
    log = home.open()
    vault = make_vault(home)
    rows = [vault.draw()[0] for _ in range(3)]
    await log.append([{"kind": "erase", "rows": rows, "reason": "request-18"}])
    await log.close()
    vault.erase(rows[:1])
    assert retention.pending_erasures(home.log, vault) == set(rows[1:])
    log = home.open()
    with pytest.raises(KeyError):
        await retention.erase(log, vault, [99], reason="typo")
    await log.close()
    assert home.verify().kinds == {"erase": 1}


async def old_log(home: Home) -> None:
    """36 entries of long ago; an outcome in the second segment closes an export of the first."""
    home.create()
    log = home.open(clock=FakeClock(START))
    await log.append([SHAPE, *[export(number) for number in range(9)]])
    await log.append([{"kind": "outcome", "export": 9, "status": "delivered"}])
    for number in range(24):
        await log.append([export(number)])
    await log.append([{"kind": "counters", "forwarded": 33}])
    await finish(log)


async def test_old_segments_go_and_everything_still_verifies(home: Home) -> None:
    """Shapes, tiles, roots and proofs stay; the reader passes over what is gone."""
    await old_log(home)
    before = proof.prove(home.log, 3).encode()
    entry = reader.entry(home.log, 3)
    log = home.open(clock=FakeClock(START + YEARS))
    done = await retention.expire(log, home.log, now_us=START + YEARS)
    assert done == [(0, 10), (10, 20), (20, 30)]
    await log.close()
    report = home.verify()
    assert report.ok, report.problems
    assert report.checked["dropped"] == 30
    assert [seq for seq, _ in reader.entries(home.log, 0, 33)] == [0, 30, 31, 32]
    proof.verify(proof.parse(before), entry, key=VerifierKey.parse(home.vkey))
    with pytest.raises(ExportRefused):
        export_range(home.log, home.root / "out", vkey=home.vkey, start=29)
    assert export_range(home.log, home.root / "out", vkey=home.vkey, start=30).count == 9
    log = home.open(clock=FakeClock(START + YEARS + 10))
    assert log.size == 39
    assert (await log.append([SHAPE]))[0].seq == 0
    assert 9 not in log.unfinished
    await log.close()
    assert home.verify().ok


async def test_three_years_are_the_floor(home: Home) -> None:
    """Young segments stay, whatever is asked."""
    await old_log(home)
    log = home.open(clock=FakeClock(START + YEARS))
    with pytest.raises(ValueError, match="three years"):
        await retention.expire(log, home.log, now_us=START + YEARS, keep_us=1)
    young = START + retention.FLOOR_US - 1_000_000
    assert await retention.expire(log, home.log, now_us=young) == []
    await log.close()


async def test_a_segment_that_just_vanished_is_found(home: Home, tmp_path: Path) -> None:
    """Dropping without an entry is a gap; a tampered remainder is tampering."""
    await old_log(home)
    silent = home.copy(tmp_path / "silent")
    log = home.open(clock=FakeClock(START + YEARS))
    await retention.expire(log, home.log, now_us=START + YEARS)
    await log.close()
    for name in ("0000000000000000.pruned", "0000000000000010.pruned"):
        shutil.copy(home.log / "seg" / name, silent.log / "seg" / name)
    report = silent.verify()
    assert [one.code for one in report.problems] == [Code.INCOMPLETE] * 2
    assert report.first_bad == 0
    path = home.log / "seg" / "0000000000000000.pruned"
    path.write_bytes((home.log / "seg" / "0000000000000010.pruned").read_bytes())
    assert not home.verify().ok
