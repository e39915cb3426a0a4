"""Where the audit log lies, from a configuration or from its folder alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audit_log.quorum import WitnessPolicy
from gateway.cli.terminal import fail
from gateway.errors import ConfigError
from gateway.node import last_signed, vault_path
from gateway.settings import load
from gateway.vouchers import tsa_roots, witness_policy


@dataclass(frozen=True, slots=True)
class LogPlace:
    """A log's folder, its verifier key, and what a configuration knows beside them."""

    directory: Path
    vkey: str
    state: Path | None = None  # the last signed checkpoint, outside the folder
    vault: Path | None = None  # the salts of its commitments
    policy: WitnessPolicy | None = None  # whose cosignatures it must carry
    roots: bytes | None = None  # by which its time stamps are trusted, PEM


def log_place(config: Path, log: Path | None) -> LogPlace:
    """The log named by `--log`, else by the configuration. Ends the command if there is none."""
    if log is not None:
        return LogPlace(log, vkey_of(log), vault=_vault(log))
    try:
        settings = load(config)
    except ConfigError as error:
        fail(str(error))
    directory = settings.path(settings.audit.dir)
    try:
        vouchers = witness_policy(settings), tsa_roots(settings)
    except ConfigError as error:
        fail(str(error))
    return LogPlace(
        directory, vkey_of(directory), last_signed(settings), _vault(directory), *vouchers
    )


def _vault(directory: Path) -> Path | None:
    path = vault_path(directory)
    return path if path.exists() else None


def vkey_of(directory: Path) -> str:
    """The verifier key that the log's folder names."""
    keys = sorted((directory / "keys").glob("*.vkey"))
    if not keys:
        fail(f"{directory} holds no audit log: there is no key in its keys folder")
    return keys[-1].read_text(encoding="utf-8").strip()
