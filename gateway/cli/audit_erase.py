"""`silkgate audit erase` and `expire`: what goes, said in the log first. No gateway may run."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from audit_log import reader, retention
from audit_log.commitment import Vault
from audit_log.errors import AuditError
from audit_log.log import wall_clock_us
from gateway.cli.terminal import CANNOT_DECIDE, console, fail
from gateway.errors import ConfigError
from gateway.keys.keyring import KeyUnavailable
from gateway.node import configured_keys, open_log, vault_path
from gateway.settings import Settings, load

_DAY_US: Final = 86_400_000_000


def erase(config: Path, decisions: list[str], reason: str) -> None:
    """Erase the salts of `decisions`, and those that the log says are erased since a crash."""
    settings = _settings(config)
    directory = settings.path(settings.audit.dir)
    try:
        rows = {
            entry["commitment"]["row"]: entry["decision_id"]
            for entry in reader.documents(directory)
            if entry["kind"] == "export" and entry["decision_id"] in decisions
        }
        if unknown := sorted(set(decisions) - set(rows.values())):
            fail(f"no export in the log has the decision id {unknown[0]}; nothing was erased")
        asyncio.run(_erase(settings, sorted(rows), reason))
    except (AuditError, KeyUnavailable, OSError) as error:
        fail(str(error), CANNOT_DECIDE)
    console.print(f"erased {len(rows)} {'salt' if len(rows) == 1 else 'salts'}; the log says so")


async def _erase(settings: Settings, rows: list[int], reason: str) -> None:
    directory = settings.path(settings.audit.dir)
    log = open_log(settings, configured_keys(settings))
    vault = Vault(vault_path(directory))
    try:
        vault.erase(retention.pending_erasures(directory, vault))
        await retention.erase(log, vault, rows, reason=reason)
    finally:
        vault.close()
        await log.close()


def expire(config: Path, keep_days: int) -> None:
    """Drop the sealed segments whose entries are all older than `keep_days`."""
    settings = _settings(config)
    if keep_days * _DAY_US < retention.FLOOR_US:
        floor = retention.FLOOR_US // _DAY_US
        fail(f"entries are kept for at least three years, {floor} days (PIPL art 56)")
    try:
        dropped = asyncio.run(_expire(settings, keep_days * _DAY_US))
    except (AuditError, KeyUnavailable, OSError) as error:
        fail(str(error), CANNOT_DECIDE)
    for first, end in dropped:
        console.print(f"dropped entries {first} to {end - 1}; their hashes and proofs stay")
    if not dropped:
        console.print("nothing is old enough")


async def _expire(settings: Settings, keep_us: int) -> list[tuple[int, int]]:
    log = open_log(settings, configured_keys(settings))
    try:
        directory = settings.path(settings.audit.dir)
        return await retention.expire(log, directory, now_us=wall_clock_us(), keep_us=keep_us)
    finally:
        await log.close()


def _settings(config: Path) -> Settings:
    try:
        return load(config)
    except ConfigError as error:
        fail(str(error))
