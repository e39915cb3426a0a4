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
from gateway.cli.terminal import CANNOT_DECIDE, NEGATIVE, console, fail, print_json
from gateway.errors import ConfigError
from gateway.export.transfer import china_date
from gateway.keys.keyring import PURPOSES, SIGNING, Keyring, KeyState, KeyUnavailable
from gateway.node import NODE, configured_keys, last_signed, log_origin, open_log, utc_now
from gateway.settings import Settings, load


def _settings(config: Path) -> Settings:
    try:
        return load(config)
    except ConfigError as error:
        fail(str(error))


def _keyring(config: Path, purpose: str) -> Keyring:
    """The keyring, where it is the one that holds the key of `purpose`."""
    settings = _settings(config)
    if settings.keys.kms is not None and purpose != SIGNING:
        fail(f"the {purpose} key is in the external service ([keys.kms]): change it there")
    return _opened(settings)


def _opened(settings: Settings) -> Keyring:
    purposes = PURPOSES if settings.keys.kms is None else (SIGNING,)
    try:
        return Keyring.open(settings.path(settings.keys.dir), purposes)
    except KeyUnavailable as error:
        fail(str(error))


def _states(settings: Settings) -> list[KeyState]:
    """Every key and version of the keyring; of a service, the versions that are in force."""
    states = _opened(settings).states()
    if settings.keys.kms is None:
        return states
    try:
        keys = configured_keys(settings)
    except KeyUnavailable as error:
        fail(str(error), CANNOT_DECIDE)
    held = [purpose for purpose in sorted(PURPOSES) if purpose != SIGNING]
    own = [state for state in states if state.purpose == SIGNING]
    return own + [KeyState(purpose, keys.current(purpose), "current") for purpose in held]


def show(config: Path, *, as_json: bool) -> None:
    """Print every key and version."""
    states = _states(_settings(config))
    if as_json:
        print_json([asdict(state) for state in states])
        return
    table = Table("key", "version", "state", box=None)
    for state in states:
        table.add_row(state.purpose, str(state.version), state.state)
    console.print(table)


def rotate(config: Path, purpose: str) -> None:
    """Put a new version of `purpose` in force. A running gateway takes it over within seconds."""
    if purpose == SIGNING:
        _rotate_node(config)
        return
    keyring = _keyring(config, purpose)
    try:
        version = keyring.rotate(purpose, today=date.fromisoformat(china_date(utc_now())))
    except KeyUnavailable as error:
        fail(str(error), NEGATIVE)
    console.print(
        f"{purpose} key version {version} is in force; a running gateway takes it over within "
        "seconds, and what older versions made can still be read"
    )


def _rotate_node(config: Path) -> None:
    """Change the key that signs the log, in the log: an entry signed by both keys.

    The gateway must not be running. A change that was interrupted is finished.
    """
    try:
        settings = load(config)
        keys = _opened(settings)
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
    """Erase `version` of `purpose`; a running gateway forgets it within seconds."""
    keyring = _keyring(config, purpose)
    try:
        keyring.retire(purpose, version)
    except KeyUnavailable as error:
        fail(str(error), NEGATIVE)
    console.print(f"{purpose} key version {version} is gone")
