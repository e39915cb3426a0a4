"""Commitments: they open with the salt only, and erasing leaves nothing behind."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pytest

from audit_log.commitment import Vault, VaultDamaged, commit, opens
from audit_log.errors import LogExists
from tests.audit_log.guessing import guessed

ALICE, BOB = hashlib.sha256(b"alice").digest(), hashlib.sha256(b"bob").digest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vault" / "salts"
    Vault.create(path)
    return path


def test_a_commitment_is_the_stated_formula() -> None:
    """HMAC(HMAC(salt, field), ["field","value"])."""
    key = hmac.new(b"s" * 32, b"/buyer/phone", "sha256").digest()
    expected = hmac.new(key, b'["/buyer/phone","13800138000"]', "sha256").hexdigest()
    assert commit(b"s" * 32, "/buyer/phone", "13800138000") == expected


def test_only_the_right_opening_opens() -> None:
    """Another value, field or salt does not."""
    made = commit(b"s" * 32, "phone", "13800138000")
    assert opens(made, b"s" * 32, "phone", "13800138000")
    assert not opens(made, b"s" * 32, "phone", "13800138001")
    assert not opens(made, b"s" * 32, "fax", "13800138000")
    assert not opens(made, b"t" * 32, "phone", "13800138000")


def test_without_the_salt_candidates_cannot_be_tested(tmp_path: Path) -> None:
    """With the salt a search finds the number, without it none: 20,000 candidates here.

    `python -m tests.faults.rounds guess` tries a million.
    """
    assert guessed(tmp_path, 20_000) == (0, 1)


def test_salts_survive_reopening_and_erasure_is_by_row(path: Path) -> None:
    """Each row keeps its salt until it is erased, and numbers are never used again."""
    vault = Vault(path)
    drawn = [vault.draw(subject) for subject in (ALICE, BOB, ALICE)]
    vault.close()
    vault = Vault(path)
    assert [vault.salt(row) for row, _ in drawn] == [salt for _, salt in drawn]
    assert vault.of_subject(ALICE) == [0, 2]
    vault.erase([0, 2])
    assert vault.erased() == {0, 2}
    assert vault.salt(1) == drawn[1][1]
    assert vault.of_subject(ALICE) == []
    assert vault.draw()[0] == 3
    with pytest.raises(KeyError):
        vault.salt(4)
    with pytest.raises(KeyError):
        vault.erase([9])


def test_an_erased_salt_is_nowhere_in_the_file(path: Path) -> None:
    """The row is overwritten where it lies."""
    vault = Vault(path)
    row, salt = vault.draw(ALICE)
    vault.sync()
    assert salt in path.read_bytes()
    vault.erase([row])
    vault.close()
    assert salt not in path.read_bytes()
    assert ALICE not in path.read_bytes()


def test_a_torn_row_is_overwritten(path: Path) -> None:
    """Half a row at the end, left by a crash, was never named by an entry."""
    vault = Vault(path)
    vault.draw(ALICE)
    vault.close()
    with path.open("ab") as file:
        file.write(b"torn")
    vault = Vault(path)
    row, salt = vault.draw(BOB)
    assert row == 1
    assert vault.salt(1) == salt


def test_vaults_are_created_once_and_only_on_purpose(path: Path, tmp_path: Path) -> None:
    """Neither opened by a typo nor overwritten."""
    with pytest.raises(LogExists):
        Vault.create(path)
    with pytest.raises(VaultDamaged):
        Vault(tmp_path / "typo")
