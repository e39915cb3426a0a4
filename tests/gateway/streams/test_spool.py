"""The spool and the quarantine: nothing readable at rest, nothing altered unnoticed."""

import os
from datetime import date
from pathlib import Path

import pytest

from gateway.keys.keyring import Keyring
from gateway.streams.quarantine import HeldRecord, Quarantine, QuarantineFailed
from gateway.streams.spool import Spool, SpoolFailed

SECRET = "王小明 13800138000".encode()
HELD = [HeldRecord(3, SECRET), HeldRecord(9, b"{}")]


def test_blocks_come_back_in_any_order(tmp_path: Path) -> None:
    """Also empty ones."""
    with Spool(tmp_path, limit=10_000) as spool:
        blocks = [spool.write(data) for data in (SECRET, b"", b"x" * 5000)]
        assert [spool.read(block) for block in reversed(blocks)] == [b"x" * 5000, b"", SECRET]


def test_a_spool_has_no_name_and_no_readable_byte(tmp_path: Path) -> None:
    """Not even while it is open."""
    with Spool(tmp_path, limit=1000) as spool:
        spool.write(SECRET)
        assert os.listdir(tmp_path) == []
        handle = spool._file.fileno()
        assert SECRET not in os.pread(handle, 1000, 0)


def test_an_altered_block_is_noticed(tmp_path: Path) -> None:
    """A flipped bit, and a block in another's place."""
    with Spool(tmp_path, limit=1000) as spool:
        one, two = spool.write(b"a" * 20), spool.write(b"b" * 20)
        sealed = os.pread(spool._file.fileno(), one.size, one.offset)
        os.pwrite(spool._file.fileno(), sealed, two.offset)
        with pytest.raises(SpoolFailed):
            spool.read(two)
        os.pwrite(spool._file.fileno(), bytes([sealed[0] ^ 1]), one.offset)
        with pytest.raises(SpoolFailed):
            spool.read(one)


def test_a_spool_is_bounded(tmp_path: Path) -> None:
    """A stream cannot fill the disk."""
    with Spool(tmp_path, limit=100) as spool, pytest.raises(SpoolFailed, match="100 bytes"):
        spool.write(b"x" * 100)


def test_a_disk_that_fails_is_told(tmp_path: Path) -> None:
    """The folder cannot be made."""
    (tmp_path / "file").touch()
    with pytest.raises(SpoolFailed):
        Spool(tmp_path / "file", limit=100)


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys")


def test_quarantined_records_come_back(tmp_path: Path, keys: Keyring) -> None:
    """Under a private file; also after the key was rotated; a second attempt replaces the first."""
    quarantine = Quarantine(tmp_path / "q", keys)
    quarantine.keep("a.0", [HeldRecord(1, b"old")])
    quarantine.keep("a.0", HELD)
    keys.rotate("spool", today=date(2026, 11, 23))
    assert quarantine.read("a.0") == HELD
    (file,) = (tmp_path / "q").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "q").stat().st_mode & 0o077 == 0
    assert SECRET not in file.read_bytes()


def test_a_quarantine_file_cannot_be_altered_or_renamed(tmp_path: Path, keys: Keyring) -> None:
    """Neither its bytes nor its label nor its name."""
    quarantine = Quarantine(tmp_path / "q", keys)
    quarantine.keep("a.0", HELD)
    data = (tmp_path / "q" / "a.0").read_bytes()
    (tmp_path / "q" / "a.1").write_bytes(data)
    (tmp_path / "q" / "a.2").write_bytes(data[:-1])
    (tmp_path / "q" / "a.3").write_bytes(b"")
    for name in ("a.1", "a.2", "a.3", "missing"):
        with pytest.raises(QuarantineFailed):
            quarantine.read(name)
