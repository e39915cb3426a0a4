"""`audit erase` and `expire`: said in the log first, and nothing goes by mistake."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from audit_log.commitment import Vault
from audit_log.log import AuditLog, wall_clock_us
from gateway.keys.keyring import Keyring
from gateway.node import NODE, last_signed, log_origin, open_log, vault_path
from gateway.settings import Settings, load
from tests.audit_log.logs import finish
from tests.gateway.cli.test_commands import made, silkgate

__all__ = ["made"]
YEAR_US = 366 * 86_400_000_000


def directory(settings: Settings) -> Path:
    return settings.path(settings.audit.dir)


@pytest.fixture
def settings(made: Path) -> Settings:
    """A log with three exports, each with a salt of its own."""
    settings = load(made)

    async def fill() -> None:
        log = open_log(settings, Keyring.open(settings.path(settings.keys.dir)))
        vault = Vault(vault_path(directory(settings)))
        for name in "abc":
            row, _ = vault.draw()
            body = {"decision_id": name, "commitment": {"row": row}, "released": False}
            await log.append([{"kind": "export", **body}])
        vault.close()
        await log.close()

    asyncio.run(fill())
    return settings


def erased(settings: Settings) -> set[int]:
    vault = Vault(vault_path(directory(settings)))
    try:
        return vault.erased()
    finally:
        vault.close()


def erase(config: Path, *decisions: str) -> int:
    words = ("audit", "erase", *decisions, "--reason", "ticket-1", "-c", str(config))
    return silkgate(*words).exit_code


def test_salts_go_and_the_log_says_so(made: Path, settings: Settings) -> None:
    """Only those asked for; verification takes the entry for the missing salts."""
    assert erase(made, "a", "c") == 0
    assert erased(settings) == {0, 2}
    assert silkgate("audit", "verify", "-c", str(made)).exit_code == 0


def test_one_unknown_decision_spares_all(made: Path, settings: Settings) -> None:
    """A slip of the pen erases nothing."""
    assert erase(made, "a", "x") == 2
    assert erased(settings) == set()


def test_an_interrupted_erasure_is_finished(made: Path, settings: Settings) -> None:
    """The log said so, then the plug was pulled: the next erasure finishes it."""

    async def say() -> None:
        log = open_log(settings, Keyring.open(settings.path(settings.keys.dir)))
        await log.append([{"kind": "erase", "rows": [1], "reason": "ticket-0"}])
        await log.close()

    asyncio.run(say())
    assert erase(made, "a") == 0
    assert erased(settings) == {0, 1}


def test_three_years_are_the_floor(made: Path, settings: Settings) -> None:
    """Exit 2 below it."""
    assert silkgate("audit", "expire", "--keep-days", "1000", "-c", str(made)).exit_code == 2
    assert "old enough" in silkgate("audit", "expire", "-c", str(made)).stdout


def test_old_segments_go(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is six years old is dropped; the log still verifies."""
    settings = load(made)
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 10)

    async def fill() -> None:
        keys = Keyring.open(settings.path(settings.keys.dir))
        start = wall_clock_us() - 6 * YEAR_US
        log = AuditLog.open(
            directory(settings),
            origin=log_origin(settings),
            node=NODE,
            key=keys.signing_key(),
            state=last_signed(settings),
            clock=lambda: start,
        )
        for _ in range(25):
            await log.append([{"kind": "export", "released": False}])
        await finish(log)

    asyncio.run(fill())
    done = silkgate("audit", "expire", "-c", str(made))
    assert (done.exit_code, done.stdout.count("dropped entries")) == (0, 2), done.output
    assert len(list((directory(settings) / "seg").glob("*.pruned"))) == 2
    assert silkgate("audit", "verify", "-c", str(made)).exit_code == 0
