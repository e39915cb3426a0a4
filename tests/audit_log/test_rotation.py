"""Keys change in the open: both sign, each signs only its own time."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from audit_log import checkpoint, durable, note
from audit_log.errors import AuditUnavailable, LogDamaged
from audit_log.keys import Rotation
from audit_log.log import wall_clock_us
from audit_log.note import Signer, VerifierKey
from audit_log.passes import PassUnknown
from audit_log.rotation import rotate
from tests.audit_log.logs import NODE, ORIGIN, Home, export, filled


async def rotated(home: Home, seed: int = 2) -> tuple[Home, Rotation]:
    """Ten entries under the old key, a rotation, three under the new."""
    await filled(home, 10)
    new = Home.make(home.root, seed)
    done = await rotate(
        home.log, origin=ORIGIN, node=NODE, old=home.key, new=new.key, state=home.state
    )
    log = new.open(clock=wall_clock_us)
    await log.append([export(), export(), export()])
    await log.close()
    return new, done


async def test_either_key_vouches_for_the_whole_log(home: Home) -> None:
    """An auditor with the old key and one with the new both verify everything."""
    new, done = await rotated(home)
    assert done.seq == 10
    for one in (home, new):
        report = one.verify()
        assert report.ok, report.problems
        assert report.kinds == {"export": 13, "rotation": 1}


async def test_a_pass_goes_on_over_a_change_of_keys(home: Home) -> None:
    """A note made under the old key serves the one who trusts the new; a stranger's does not."""
    await filled(home, 10)
    note_file = home.root / "pass"
    assert home.verify(resume=note_file).checked["entries"] == 10
    new = Home.make(home.root, 2)
    await rotate(home.log, origin=ORIGIN, node=NODE, old=home.key, new=new.key, state=home.state)
    report = new.verify(resume=note_file)
    assert report.ok, report.problems
    assert report.kinds == {"export": 10, "rotation": 1}
    other = Home.make(home.root / "other", 3)
    await filled(other, 1)
    with pytest.raises(PassUnknown):
        other.verify(resume=note_file)


async def test_the_checkpoint_after_it_carries_both(home: Home) -> None:
    """Readers with only the old key see one more checkpoint, with the new name beside it."""
    new, _ = await rotated(home)
    opened = note.parse((home.log / "ckpt" / "11").read_bytes())
    keys = [VerifierKey.parse(one.vkey) for one in (home, new)]
    assert set(opened.verified(keys)) == set(keys)
    assert not note.parse((home.log / "checkpoint").read_bytes()).verified(keys[:1])


async def test_the_old_key_no_longer_opens_or_signs(home: Home) -> None:
    """With a stolen old key nobody can continue or re-sign the log."""
    await rotated(home)
    with pytest.raises(LogDamaged):
        home.open()
    head = checkpoint.parse(note.parse((home.log / "checkpoint").read_bytes()).text)
    (home.log / "checkpoint").write_bytes(checkpoint.sign(head, [Signer(ORIGIN, home.key)]))
    assert not home.verify(state=None).ok


async def test_a_newer_key_cannot_seal_older_entries(home: Home) -> None:
    """A head from before the change is believed under the key of its time only."""
    new, _ = await rotated(home)
    path = home.log / "ckpt" / "0"
    head = checkpoint.parse(note.parse(path.read_bytes()).text)
    for one, ok in ((home, True), (new, False)):
        path.write_bytes(checkpoint.sign(head, [Signer(ORIGIN, one.key)]))
        assert home.verify().ok is new.verify().ok is ok


async def test_a_stranger_cannot_rotate(home: Home, tmp_path: Path) -> None:
    """A rotation needs both signatures, the right predecessor, and its entry."""
    new, done = await rotated(home)
    path = home.log / "keys" / "10.rotation"
    thief = Home.make(tmp_path, 3)
    good = path.read_bytes()
    for change in (
        {"new": thief.vkey},
        {"old": thief.vkey},
        {"old_signature": done.new_signature},
        {"seq": 9},
    ):
        path.write_bytes(msgspec.json.encode(msgspec.structs.replace(done, **change)))
        assert not home.verify().ok
        assert not new.verify().ok
    path.unlink()
    assert not home.verify().ok
    path.write_bytes(good)
    assert home.verify().ok


async def test_keys_can_change_twice(home: Home) -> None:
    """Links make a chain; the first key still vouches for the last checkpoint."""
    new, _ = await rotated(home)
    newest = Home.make(home.root, 3)
    await rotate(home.log, origin=ORIGIN, node=NODE, old=new.key, new=newest.key, state=home.state)
    log = newest.open(clock=wall_clock_us)
    await log.append([export()])
    await log.close()
    for one in (home, new, newest):
        report = one.verify()
        assert report.ok, report.problems


async def test_an_interrupted_change_is_done_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails at each file in turn; the second try finishes, and both keys verify."""
    await filled(home, 10)
    replace, calls = durable.replace_file, 0
    for failing in range(1, 30):
        one = home.copy(tmp_path / str(failing))
        new, calls = Home.make(one.root, 2), 0

        def flaky(path: Path, data: bytes, last: int = failing) -> None:
            nonlocal calls
            calls += 1
            if calls == last:
                raise OSError("unplugged")
            replace(path, data)

        names = {"origin": ORIGIN, "node": NODE, "state": one.state}
        monkeypatch.setattr(durable, "replace_file", flaky)
        with suppress(OSError, AuditUnavailable):
            await rotate(one.log, old=one.key, new=new.key, **names)
        monkeypatch.setattr(durable, "replace_file", replace)
        if calls < failing:
            break
        await rotate(one.log, old=one.key, new=new.key, **names)
        log = new.open(clock=wall_clock_us)
        await log.append([export()])
        await log.close()
        for vouching in (one, new):
            report = vouching.verify()
            assert report.ok, (failing, report.problems)
    assert 8 <= failing < 30
