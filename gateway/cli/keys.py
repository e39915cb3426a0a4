"""`silkgate keys`: the keyring, never the keys."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

from rich.table import Table

from gateway.cli.terminal import NEGATIVE, console, fail, print_json
from gateway.export.transfer import china_date
from gateway.keys.keyring import Keyring, KeyUnavailable
from gateway.node import utc_now
from gateway.settings import ConfigError, load


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
    try:
        version = _keyring(config).rotate(purpose, today=date.fromisoformat(china_date(utc_now())))
    except KeyUnavailable as error:
        fail(str(error), NEGATIVE)
    console.print(f"{purpose} key version {version} is in force once the gateway has restarted")


def retire(config: Path, purpose: str, version: int) -> None:
    """Erase `version` of `purpose`."""
    try:
        _keyring(config).retire(purpose, version)
    except KeyUnavailable as error:
        fail(str(error), NEGATIVE)
    console.print(f"{purpose} key version {version} is gone")
