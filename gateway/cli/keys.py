"""`silkgate keys`: the keyring, never the keys."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path

from rich.table import Table

from audit_log import note, rotation
from audit_log.errors import AuditError
from audit_log.note import BadNote, Signer
from gateway.cli.terminal import NEGATIVE, console, fail, print_json
from gateway.export.transfer import china_date
from gateway.keys.keyring import SIGNING, Keyring, KeyUnavailable
from gateway.node import NODE, last_signed, log_origin, open_log, utc_now
from gateway.settings import ConfigError, Settings, load


def _keyring(config: Path) -> Keyring:
    try:
        settings = load(config)
        return Keyring.open(settings.path(settings.keys.dir))
    except (ConfigError, KeyUnavailable) as error:
        fail(str(error))


def show(config: Path, *, as_json: bool) -> None:
    """Print every key and version."""
    states = _keyring(config).states()
    if as_json:
        print_json([asdict(state) for state in states])
        return
    table = Table("key", "version", "state", box=None)
    for state in states:
        table.add_row(state.purpose, str(state.version), state.state)
    console.print(table)


def rotate(config: Path, purpose: str) -> None:
    """Put a new version of `purpose` in force. A running gateway takes it over on reload."""
    if purpose == SIGNING:
        _rotate_node(config)
        return
    try:
        version = _keyring(config).rotate(purpose, today=date.fromisoformat(china_date(utc_now())))
    except KeyUnavailable as error:
        fail(str(error), NEGATIVE)
    console.print(f"{purpose} key version {version} is in force once the gateway has restarted")


def _rotate_node(config: Path) -> None:
    """Change the key that signs the log, in the log: an entry signed by both keys.

    The gateway must not be running. A change that was interrupted is finished.
    """
    try:
        settings = load(config)
        keys = Keyring.open(settings.path(settings.keys.dir))
        old = _signing_version(settings, keys)
        if old == keys.current(SIGNING):
            asyncio.run(_try_open(settings, keys))  # before there is a new key
            keys.rotate(SIGNING, today=date.fromisoformat(china_date(utc_now())))
        version = keys.current(SIGNING)
        done = asyncio.run(
            rotation.rotate(
                settings.path(settings.audit.dir),
                origin=log_origin(settings),
                node=NODE,
                old=keys.signing_key(old),
                new=keys.signing_key(version),
                state=last_signed(settings),
            )
        )
    except (ConfigError, KeyUnavailable, AuditError, BadNote, OSError) as error:
        fail(str(error), NEGATIVE)
    console.print(
        f"node key version {version} signs from now on; entry {done.seq}, signed by both keys, says"
        " so. Give its verifier key to auditors and witnesses:",
        soft_wrap=True,
    )
    console.print(done.new, soft_wrap=True, markup=False, highlight=False)


def _signing_version(settings: Settings, keys: Keyring) -> int:
    """The version that signed the log's checkpoint: the newest that did. Raises `BadNote`."""
    path = settings.path(settings.audit.dir) / "checkpoint"
    signed = note.parse(path.read_bytes())
    versions = [each.version for each in keys.states() if each.purpose == SIGNING]
    for version in sorted(versions, reverse=True):
        with suppress(KeyUnavailable):
            if signed.verified([Signer(log_origin(settings), keys.signing_key(version)).verifier]):
                return version
    raise BadNote(f"{path} is signed by no node key of the keyring")


async def _try_open(settings: Settings, keys: Keyring) -> None:
    await open_log(settings, keys).close()


def retire(config: Path, purpose: str, version: int) -> None:
    """Erase `version` of `purpose`."""
    try:
        _keyring(config).retire(purpose, version)
    except KeyUnavailable as error:
        fail(str(error), NEGATIVE)
    console.print(f"{purpose} key version {version} is gone")
