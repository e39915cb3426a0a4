"""Keys as configured: a keyring that changes, a service, versions pinned for one export."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gateway.keys.keyring import Keyring, KeyUnavailable
from gateway.keys.store import KeyringKeys, KmsSettings, PinnedKeys, open_keys

TODAY = date(2026, 6, 1)


@pytest.fixture
def keys(tmp_path: Path) -> KeyringKeys:
    return KeyringKeys(Keyring.create(tmp_path / "keys"))


def test_a_version_that_another_process_made_is_found(keys: KeyringKeys) -> None:
    """Without waiting for the next refresh; one that nobody made is still none."""
    other = Keyring.open(keys.keyring.directory)
    other.rotate("hash", today=TODAY)
    assert keys.derive("hash", "a", version=2) == other.derive("hash", "a")
    with pytest.raises(KeyUnavailable, match="version 3"):
        keys.derive("hash", "a", version=3)


def test_a_refresh_takes_over_what_changed(keys: KeyringKeys) -> None:
    """A rotation and a retirement; nothing is read where nothing changed."""
    before = keys.derive("hash", "a")
    other = Keyring.open(keys.keyring.directory)
    other.rotate("hash", today=TODAY)
    assert keys.current("hash") == 1
    keys.refresh()
    assert keys.current("hash") == 2
    assert keys.derive("hash", "a", version=1) == before
    other.retire("hash", 1)
    keys.refresh()
    with pytest.raises(KeyUnavailable, match="retired"):
        keys.derive("hash", "a", version=1)


def test_an_export_keeps_the_versions_it_began_with(keys: KeyringKeys) -> None:
    """Whatever is rotated meanwhile."""
    pinned = PinnedKeys(keys, {"hash": keys.current("hash")})
    before = pinned.derive("hash", "a")
    Keyring.open(keys.keyring.directory).rotate("hash", today=TODAY)
    keys.refresh()
    assert (pinned.current("hash"), pinned.derive("hash", "a")) == (1, before)
    assert pinned.derive("hash", "a", version=2) == keys.derive("hash", "a") != before


@pytest.mark.parametrize(
    "kms",
    [
        KmsSettings(),
        KmsSettings(command=["x"], vault="https://v", token_file="t"),
        KmsSettings(vault="https://v"),
        KmsSettings(token_file="t"),
    ],
)
def test_a_service_is_named_in_one_way(tmp_path: Path, kms: KmsSettings) -> None:
    """Command or Vault, never both, never half."""
    Keyring.create(tmp_path / "keys")
    with pytest.raises(KeyUnavailable, match="give command, or vault and token_file"):
        open_keys(tmp_path / "keys", kms, tmp_path)
