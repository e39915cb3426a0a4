"""The keyring on disk and the keys derived from it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from gateway.keys.keyring import PURPOSES, Keyring, KeyUnavailable, hkdf


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys")


@pytest.mark.parametrize(
    ("root", "salt", "info", "length", "want"),
    [
        (
            "0b" * 22,
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            42,
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(range(0x50)).hex(),
            bytes(range(0x60, 0xB0)).hex(),
            bytes(range(0xB0, 0x100)).hex(),
            82,
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
            "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            "0b" * 22,
            "",
            "",
            42,
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_rfc_5869_vectors(root: str, salt: str, info: str, length: int, want: str) -> None:
    """Appendix A.1 to A.3."""
    derived = hkdf(
        bytes.fromhex(root), bytes.fromhex(info), salt=bytes.fromhex(salt), length=length
    )
    assert derived.hex() == want


def test_files_are_private(ring: Keyring) -> None:
    """The folder is 0700, every file 0600, one for each purpose."""
    assert ring.directory.stat().st_mode & 0o777 == 0o700
    files = list(ring.directory.iterdir())
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert {file.name.split(".")[0] for file in files} == set(PURPOSES)


def test_files_are_private_under_any_umask(tmp_path: Path) -> None:
    """A lax umask does not loosen the keys."""
    old = os.umask(0)
    try:
        Keyring.create(tmp_path / "keys")
    finally:
        os.umask(old)


def test_keys_differ_by_purpose_context_and_ring(ring: Keyring, tmp_path: Path) -> None:
    """No two keys are alike; the same question gets the same key, also after reopening."""
    other = Keyring.create(tmp_path / "other")
    keys = {
        each.derive(purpose, context)
        for each in (ring, other)
        for purpose in PURPOSES
        if purpose != "node"
        for context in ("", "a", "b", "ab")
    }
    assert len(keys) == 2 * (len(PURPOSES) - 1) * 4
    assert ring.derive("hash", "a") == Keyring.open(ring.directory).derive("hash", "a", version=1)


def test_nothing_is_overwritten(ring: Keyring) -> None:
    """Creating again over a keyring is refused and changes nothing."""
    before = ring.derive("hash")
    with pytest.raises(KeyUnavailable, match="never overwritten"):
        Keyring.create(ring.directory)
    assert Keyring.open(ring.directory).derive("hash") == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o610])
def test_looser_files_are_refused(ring: Keyring, mode: int) -> None:
    """A key file that others may read, write or run is refused by name."""
    (ring.directory / "hash.v1.key").chmod(mode)
    with pytest.raises(KeyUnavailable, match=r"hash\.v1\.key is open to others"):
        Keyring.open(ring.directory)


def test_a_looser_folder_is_refused(ring: Keyring) -> None:
    """Whoever can write the folder can replace keys."""
    ring.directory.chmod(0o750)
    with pytest.raises(KeyUnavailable, match="open to others"):
        Keyring.open(ring.directory)


def test_symbolic_links_are_refused(ring: Keyring, tmp_path: Path) -> None:
    """Neither the folder nor a key may be a link."""
    link = tmp_path / "link"
    link.symlink_to(ring.directory)
    with pytest.raises(KeyUnavailable):
        Keyring.open(link)
    key = ring.directory / "hash.v1.key"
    key.rename(tmp_path / "stolen")
    key.symlink_to(tmp_path / "stolen")
    with pytest.raises(KeyUnavailable, match="cannot be read"):
        Keyring.open(ring.directory)


def test_another_users_files_are_refused(ring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys another user owns are keys another user knows."""
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(KeyUnavailable, match="another user"):
        Keyring.open(ring.directory)


@pytest.mark.parametrize("content", [b"", b"zz" * 32, b"00" * 31, b"00" * 33, b"\xff" * 64])
def test_damaged_files_are_refused_without_quoting_them(ring: Keyring, content: bytes) -> None:
    """The message names the file and shows none of it."""
    (ring.directory / "fpe.v1.key").write_bytes(content)
    with pytest.raises(KeyUnavailable, match=r"fpe\.v1\.key does not hold 32 bytes") as caught:
        Keyring.open(ring.directory)
    assert "00" not in str(caught.value)


@pytest.mark.parametrize("name", ["hash.key", "hash.v0.key", "other.v1.key", "hash.v1.key~"])
def test_strange_files_are_refused(ring: Keyring, name: str) -> None:
    """A backup or a misnamed file in the keyring is pointed out, not skipped."""
    (ring.directory / name).write_bytes(b"")
    with pytest.raises(KeyUnavailable, match="no key file"):
        Keyring.open(ring.directory)


def test_missing_keys_are_named(ring: Keyring, tmp_path: Path) -> None:
    """A purpose, a version or a folder that is not there is said by name."""
    with pytest.raises(KeyUnavailable, match="version 2 of the hash key is not in the keyring"):
        ring.derive("hash", version=2)
    with pytest.raises(KeyUnavailable, match="no other key"):
        ring.derive("other")
    (ring.directory / "spool.v1.key").unlink()
    with pytest.raises(KeyUnavailable, match="no spool key"):
        Keyring.open(ring.directory)
    with pytest.raises(KeyUnavailable, match="cannot be read"):
        Keyring.open(tmp_path / "nowhere")


_DAY = date(2026, 11, 22)


def test_rotation_puts_a_new_version_in_force(ring: Keyring) -> None:
    """Older versions stay available by number; another process takes them over on reload."""
    other = Keyring.open(ring.directory)
    old = ring.derive("hash")
    assert ring.rotate("hash", today=_DAY) == 2
    assert other.derive("hash") == old
    other.reload()
    for each in (ring, other):
        assert each.current("hash") == 2
        assert each.derive("hash") != old
        assert each.derive("hash", version=1) == old


def test_retired_versions_are_gone_and_never_used_again(ring: Keyring) -> None:
    """The root is erased, its number stays taken, and what is in force cannot be retired."""
    with pytest.raises(KeyUnavailable, match="in force"):
        ring.retire("hash", 1)
    for version in (2, 3):
        assert ring.rotate("hash", today=_DAY) == version
        ring.retire("hash", version - 1)
        with pytest.raises(
            KeyUnavailable, match=f"version {version - 1} of the hash key is retired"
        ):
            ring.derive("hash", version=version - 1)
    assert not list(ring.directory.glob("hash.v[12].key"))
    states = [(each.version, each.state) for each in ring.states() if each.purpose == "hash"]
    assert states == [(1, "retired"), (2, "retired"), (3, "current")]
    assert Keyring.open(ring.directory).states() == ring.states()


def test_a_crash_between_the_two_steps_of_retiring_leaves_it_retired(ring: Keyring) -> None:
    """The mark is written before the key is erased: with both there, the key is not used."""
    ring.rotate("hash", today=_DAY)
    mark = ring.directory / "hash.v1.retired"
    mark.write_bytes(b"\n")
    mark.chmod(0o600)
    with pytest.raises(KeyUnavailable, match="retired"):
        Keyring.open(ring.directory).derive("hash", version=1)


def test_the_ledgers_key_changes_with_the_year(ring: Keyring) -> None:
    """In between, persons already counted would be counted again."""
    with pytest.raises(KeyUnavailable, match="1 January"):
        ring.rotate("ledger", today=_DAY)
    assert ring.rotate("ledger", today=date(2027, 1, 1)) == 2


def test_a_failed_reload_changes_nothing(ring: Keyring) -> None:
    """A folder that has become unsafe does not take the keys away from running exports."""
    before = ring.derive("hash", "a")
    ring.directory.chmod(0o755)
    with pytest.raises(KeyUnavailable):
        ring.reload()
    assert ring.derive("hash", "a") == before


def test_the_signing_key_only_signs(ring: Keyring) -> None:
    """It verifies under its public key, and nothing can be derived from it."""
    signature = ring.signing_key().sign(b"head")
    Keyring.open(ring.directory).signing_key().public_key().verify(signature, b"head")
    with pytest.raises(KeyUnavailable, match="signs"):
        ring.derive("node")


def test_no_key_material_in_repr(ring: Keyring) -> None:
    """A keyring in a traceback shows its folder and a count."""
    ring.derive("hash")
    roots = [file.read_text().strip() for file in ring.directory.iterdir()]
    assert not any(root in repr(ring) or root in str(ring) for root in roots)
