"""Verification and recovery under attack: nothing changed, cut or swapped goes unnoticed."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from audit_log import checkpoint, entry, frames, reader, tree
from audit_log.checkpoint import Checkpoint
from audit_log.errors import LogDamaged
from audit_log.log import AuditLog
from audit_log.note import BadNote, Signer
from audit_log.passes import PassUnknown
from audit_log.report import Code, Report
from audit_log.tiles import TiledTree
from audit_log.verify import verify
from tests.audit_log.logs import NODE, ORIGIN, Home, export, filled


def segment(home: Home) -> Path:
    (path,) = (home.log / "seg").iterdir()
    return path


def codes(report: Report) -> set[Code]:
    return {problem.code for problem in report.problems}


def rewrite(home: Home, change: Callable[[list[bytes]], list[bytes]]) -> list[bytes]:
    """Replace the entries by changed ones with the chain and checksums put right."""
    path = segment(home)
    groups = [list(frame.entries) for frame in frames.frames(path.read_bytes())]
    entries = change([one for group in groups for one in group])
    head, data = frames.chain_start(ORIGIN), b""
    for one in entries:
        head = frames.chain_next(head, [tree.leaf_hash(one)])
        data += frames.encode(frames.payload([one], head))
    path.write_bytes(data)
    return entries


def edit(entries: list[bytes]) -> list[bytes]:
    return [*entries[:7], entries[7].replace(b'"number":7', b'"number":8'), *entries[8:]]


async def test_a_good_log_verifies(home: Home) -> None:
    """Everything is counted and nothing is wrong."""
    await filled(home, 600, group=3)
    report = home.verify()
    assert report.ok
    assert (report.size, report.first_bad) == (600, None)
    assert report.checked["entries"] == 600
    assert report.checked["tiles"] == 4
    assert report.kinds == {"export": 600}
    assert report.as_dict()["outcomes"] == {"unfinished": 600}


async def test_an_empty_log_verifies(home: Home) -> None:
    """A tree of size 0 is signed and checked like any other."""
    home.create()
    assert home.verify().ok


async def test_every_flipped_byte_of_a_segment_is_named(home: Home) -> None:
    """Each byte of the entries' file: verification fails, and never blames a later entry."""
    await filled(home, 6, group=2)
    path, good = segment(home), segment(home).read_bytes()
    ends = [frame.end for frame in frames.frames(good)]
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x20]) + good[at + 1 :])
        report = home.verify()
        group = sum(end <= at for end in ends)
        assert not report.ok
        assert report.first_bad is not None
        assert 2 * group <= report.first_bad <= 2 * group + 1
    path.write_bytes(good)
    assert home.verify().ok


async def test_every_cut_of_a_segment_is_seen(home: Home) -> None:
    """Cut at any length below what was signed, the log is incomplete or damaged."""
    await filled(home, 3, group=2)
    path, good = segment(home), segment(home).read_bytes()
    for length in range(len(good)):
        path.write_bytes(good[:length])
        assert not home.verify().ok
        with pytest.raises(LogDamaged):
            home.open()
        assert path.read_bytes() == good[:length], "the evidence must stay"


@pytest.mark.parametrize("name", ["checkpoint", "ckpt/0", "tile/0/000.p/12", "state"])
async def test_every_flipped_byte_of_the_proof_is_seen(home: Home, name: str) -> None:
    """Each byte of checkpoints, tiles and the remembered state."""
    await filled(home, 12, group=2)
    path = home.state if name == "state" else home.log / name
    good = path.read_bytes()
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x01]) + good[at + 1 :])
        assert not home.verify().ok
    path.unlink()
    assert home.verify().ok is (name == "ckpt/0"), "kept checkpoints are a surplus"


async def test_an_edited_entry_is_named_exactly(home: Home) -> None:
    """With chain and checksums put right, the tile still names the entry."""
    await filled(home, 300)
    rewrite(home, edit)
    report = home.verify()
    assert codes(report) == {Code.TAMPERED}
    assert report.first_bad == 7
    with pytest.raises(LogDamaged):
        home.open()


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: [entries[1], entries[0], *entries[2:]],
        lambda entries: [*entries[:3], *entries[4:]],
        lambda entries: [*entries[:3], entries[2], *entries[3:]],
        lambda entries: entries[:-1],
        lambda entries: [*entries[:-1], entries[-1].replace(b'"number":19', b'"number":99')],
    ],
    ids=["reorder", "drop", "insert", "drop last", "edit last"],
)
async def test_other_rewrites_are_seen(
    home: Home, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    """Reordered, dropped, inserted, shortened, edited at the very end."""
    await filled(home, 20)
    rewrite(home, change)
    assert not home.verify().ok
    with pytest.raises(LogDamaged):
        home.open()


def resign(home: Home, entries: list[bytes]) -> None:
    """What a thief of the key can do: tiles and checkpoint over the changed entries."""
    grown = TiledTree()
    full = grown.extend([tree.leaf_hash(one) for one in entries])
    shutil.rmtree(home.log / "tile")
    shutil.rmtree(home.log / "ckpt")
    (home.log / "ckpt").mkdir()
    for tile in (*full, *grown.partial()):
        path = home.log / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tile.data)
    head = Checkpoint(ORIGIN, grown.size, grown.root)
    (home.log / "checkpoint").write_bytes(checkpoint.sign(head, [Signer(ORIGIN, home.key)]))


async def test_a_rewrite_with_the_key_fails_against_the_remembered_state(home: Home) -> None:
    """Whoever holds the key but not the state outside the log is found out."""
    await filled(home, 20)
    resign(home, rewrite(home, edit))
    assert home.verify(state=None).ok, "by itself such a log looks whole: hence state and witness"
    assert codes(home.verify()) == {Code.TAMPERED}
    with pytest.raises(LogDamaged):
        home.open()


async def test_cut_and_continued_is_seen(home: Home, tmp_path: Path) -> None:
    """The holder of the key goes back to an older copy, state included, and writes on from there.

    The node's own files agree with each other; a head that somebody else remembers does not.
    """
    await filled(home, 20)
    old = home.copy(tmp_path / "old")
    log = home.open()
    await log.append([export(number) for number in range(20, 30)])
    await log.close()
    remembered = home.state.read_bytes()
    log = old.open()
    await log.append([export(number) for number in range(120, 135)])
    await log.close()
    assert old.verify().ok
    kept = tmp_path / "remembered"
    kept.write_bytes(remembered)
    report = old.verify(state=kept)
    assert (codes(report), report.first_bad) == ({Code.TAMPERED}, 20)


async def test_yesterdays_copy_is_seen(home: Home, tmp_path: Path) -> None:
    """An old copy of the directory put back is incomplete against the remembered state."""
    await filled(home, 20)
    old = home.copy(tmp_path / "old")
    log = home.open()
    await log.append([export()])
    await log.close()
    shutil.rmtree(home.log)
    shutil.copytree(old.log, home.log)
    assert codes(home.verify()) == {Code.INCOMPLETE}
    with pytest.raises(LogDamaged):
        home.open()
    home.state.unlink()
    with pytest.raises(LogDamaged):
        home.open()


async def test_a_torn_last_group_is_cut_and_recorded(home: Home) -> None:
    """Bytes of a group that was never acknowledged go, and an entry says so."""
    await filled(home, 5)
    whole = segment(home).read_bytes()
    torn = frames.encode(frames.payload([b"x" * 50], b"c" * 32))[:-3]
    segment(home).write_bytes(whole + torn)
    assert home.verify().checked["torn_bytes"] == len(torn)
    log = home.open()
    await log.close()
    report = home.verify()
    assert report.ok
    assert report.kinds == {"export": 5, "recovered": 1}


async def test_an_attack_on_the_unsigned_tail_leaves_a_trace(home: Home, tmp_path: Path) -> None:
    """Any byte of the last, unsigned group changed and the node killed: it looks like a crash.

    Never silently another entry: the group is gone as a whole, an entry says how much and which
    bytes, and the outcome that the sender still writes closes nothing.
    """
    home.create()
    log = home.open(publish_seconds=3600)
    await log.append([export(0)])
    await log.checkpoint()
    signed = segment(home).stat().st_size
    await log.append([export(1)])
    whole = home.copy(tmp_path / "whole")
    await log.close()
    good = segment(whole).read_bytes()
    for at in range(signed, len(good), 37):
        killed = whole.copy(tmp_path / str(at))
        changed = good[:at] + bytes([good[at] ^ 0x04]) + good[at + 1 :]
        segment(killed).write_bytes(changed)
        again = killed.open(publish_seconds=3600)
        await again.append([{"kind": "outcome", "export": 1, "status": "delivered"}])
        await again.close()
        cut = next(one for one in reader.documents(killed.log) if one["kind"] == "recovered")
        lost = changed[signed:]
        assert (cut["bytes"], cut["sha256"]) == (len(lost), hashlib.sha256(lost).hexdigest())
        report = killed.verify()
        assert codes(report) == {Code.UNACCOUNTED}
        assert report.kinds == {"export": 1, "recovered": 1, "outcome": 1}


async def test_damage_behind_the_checkpoint_with_a_group_after_it_is_no_crash(
    home: Home, tmp_path: Path
) -> None:
    """A bad checksum in the middle never means "cut here", signed or not."""
    home.create()
    log = home.open(publish_seconds=3600)
    for number in range(4):
        await log.append([export(number)])
    crashed = home.copy(tmp_path / "crashed")
    await log.close()
    path = segment(crashed)
    good = path.read_bytes()
    ends = [0, *(frame.end for frame in frames.frames(good))]
    for at in range(ends[1], ends[2]):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x80]) + good[at + 1 :])
        with pytest.raises(LogDamaged):
            crashed.open()
        assert not crashed.verify().ok


async def test_a_missing_segment_is_incomplete(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hole between segments is named by the entry that is missing."""
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 5)
    await filled(home, 20)
    sorted((home.log / "seg").iterdir())[1].unlink()
    report = home.verify()
    assert codes(report) == {Code.INCOMPLETE}
    assert report.first_bad == 5


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"kind": "outcome", "export": 1, "status": "delivered"}, "twice"),
        ({"kind": "outcome", "export": 2, "status": "delivered"}, "not released"),
        ({"kind": "outcome", "export": 999, "status": "delivered"}, "from nowhere"),
        ({"kind": "outcome", "status": "delivered"}, "of nothing"),
    ],
)
async def test_outcomes_must_account_for_exports(
    home: Home, body: dict[str, object], fault: str
) -> None:
    """An outcome twice, of a held export, or of none at all, does not add up."""
    home.create()
    log = home.open()
    await log.append([export(0), export(1), export(2, released=False)])
    await log.append([{"kind": "outcome", "export": 1, "status": "delivered"}])
    await log.append([body])
    await log.close()
    report = home.verify()
    assert codes(report) == {Code.UNACCOUNTED}, fault
    assert report.first_bad == 4


async def test_signed_nonsense_is_refused(home: Home) -> None:
    """Entries with wrong numbers or times are refused though the key holder signed them."""
    await filled(home, 5)

    def restamp(seq: int, ts_us: int) -> list[bytes]:
        made = entry.stamp(entry.draft(export(), node=NODE).parts, seq, ts_us)
        return rewrite(home, lambda entries: [*entries[:4], made])

    for seq, ts_us, code in ((9, 2**52, Code.INCOMPLETE), (4, 1, Code.TAMPERED)):
        resign(home, restamp(seq, ts_us))
        report = home.verify(state=None)
        assert codes(report) == {code}
        assert report.first_bad == 4


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.replace(b'"number":4', b'"number":4,"number":5'),
        lambda one: one.replace(b'"number":4', b'"number": 4'),
        lambda one: one.replace(b'"number":4', b'"number":4.5'),
    ],
)
async def test_an_entry_with_two_readings_is_refused(
    home: Home, change: Callable[[bytes], bytes]
) -> None:
    """A key twice, another spelling, a float: signed, chained and tiled, and still not an entry."""
    await filled(home, 9)
    resign(home, rewrite(home, lambda entries: [change(one) for one in entries]))
    report = home.verify(state=None)
    assert (codes(report), report.first_bad) == ({Code.TAMPERED}, 4)
    home.state.write_bytes((home.log / "checkpoint").read_bytes())
    with pytest.raises(LogDamaged, match="entry 4 is not in canonical form"):
        home.open()


async def test_another_key_does_not_vouch(home: Home, tmp_path: Path) -> None:
    """The log is judged by the key that was given, and a malformed one is an error."""
    await filled(home, 3)
    other = Home.make(tmp_path / "other", seed=2)
    assert not verify(home.log, vkey=other.vkey).ok
    with pytest.raises(BadNote):
        verify(home.log, vkey="nonsense")


async def test_a_pass_goes_on_where_the_last_one_ended(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second pass reads what is new, keeps the counts, and sees what changed before."""
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 10)
    await filled(home, 35)
    note, heard = home.root / "pass", []
    assert home.verify(resume=note, progress=lambda *one: heard.append(one)).ok
    assert heard[-1] == (35, 35)
    log = home.open()
    await log.append([export(), {"kind": "outcome", "export": 3, "status": "delivered"}])
    await log.close()
    first = sorted((home.log / "seg").iterdir())[0]
    good = first.read_bytes()
    first.write_bytes(b"never read again")
    report = home.verify(resume=note)
    assert report.ok, report.problems
    assert report == dataclasses.replace(home.verify(resume=note))
    assert report.outcomes == {"delivered": 1, "unfinished": 35}
    first.write_bytes(good)
    assert home.verify().kinds == report.kinds
    tile = home.log / "tile" / "0" / "000.p" / "37"
    tile.write_bytes(tile.read_bytes()[:-32] + b"x" * 32)
    assert not home.verify(resume=note).ok
    note.write_bytes(b"{}")
    with pytest.raises(PassUnknown):
        home.verify(resume=note)


class LossyLog:
    """A writer's stub that keeps one entry in `period` to itself."""

    def __init__(self, log: AuditLog, period: int) -> None:
        self.log, self.period, self.count = log, period, 0

    async def append(self, body: dict[str, object]) -> None:
        self.count += 1
        if self.count % self.period:
            await self.log.append([body])


@pytest.mark.parametrize(("period", "ok"), [(10**9, True), (50, False), (3, False)])
async def test_a_writer_that_drops_entries_is_caught(home: Home, period: int, ok: bool) -> None:
    """The sender's own count is more than what the log released, also after a restart."""
    home.create()
    log = home.open()
    await log.append([{"kind": "start"}, export(), {"kind": "counters", "forwarded": 1}])
    await log.append([{"kind": "start"}])
    lossy = LossyLog(log, period)
    for number in range(60):
        await lossy.append(export(number))
    await log.append([{"kind": "counters", "forwarded": 60}])
    await log.close()
    report = home.verify()
    assert report.ok is ok
    assert codes(report) == (set() if ok else {Code.UNACCOUNTED})
