"""Whose word on the log counts: the witness policy, the time-stamping authority's certificates."""

from __future__ import annotations

from pathlib import Path

from audit_log import quorum
from audit_log.quorum import WitnessPolicy
from gateway.errors import ConfigError
from gateway.settings import Settings


def witness_policy(settings: Settings) -> WitnessPolicy | None:
    """The configured witness policy. Raises `ConfigError`."""
    if settings.audit.witnesses is None:
        return None
    path = settings.path(settings.audit.witnesses.policy)
    try:
        return quorum.parse(_read(path, "audit.witnesses.policy").decode())
    except (quorum.BadPolicy, UnicodeDecodeError) as error:
        raise ConfigError(f"audit.witnesses.policy: {path}: {error}") from error


def tsa_roots(settings: Settings) -> bytes | None:
    """The certificates that the time-stamping authority is trusted by. Raises `ConfigError`."""
    tsa = settings.audit.tsa
    return _read(settings.path(tsa.roots), "audit.tsa.roots") if tsa else None


def _read(path: Path, where: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{where}: {path} cannot be read ({error.strerror})") from error
