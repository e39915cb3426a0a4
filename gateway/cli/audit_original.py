"""`silkgate audit replay --original` and `erase`: what needs the salts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import typer

from audit_log import reader, retention
from audit_log.commitment import Vault
from audit_log.errors import AuditError
from classifiers.classify import Classifier
from classifiers.registry import default_registry
from gateway.cache import cache_dir
from gateway.cli.terminal import BAD_USE, CANNOT_DECIDE, NEGATIVE, console, fail, print_json
from gateway.export.commitments import Commitments
from gateway.export.evidence import detectors_digest
from gateway.export.transfer import Route
from gateway.keys.keyring import KeyUnavailable
from gateway.node import configured_keys, open_log, vault_path
from gateway.replay.original import Owner, replay_original
from gateway.settings import ConfigError, Settings, load


def _settings(config: Path) -> Settings:
    try:
        return load(config)
    except ConfigError as error:
        fail(str(error))


def replay(config: Path, decision_id: str | None, original: Path, *, as_json: bool) -> None:
    """Replay one export on its original body."""
    if decision_id is None:
        fail("--original needs --decision: whose body is it?", BAD_USE)
    settings = _settings(config)
    directory = settings.path(settings.audit.dir)
    registry = default_registry()
    try:
        body = original.read_bytes()
        owner = Owner(
            classifier=Classifier(registry, cache_dir=cache_dir()),
            detectors_digest=detectors_digest(registry.versions),
            keyring=configured_keys(settings),
            commitments=Commitments(Vault(vault_path(directory))),
            route=_route_of(directory, decision_id, settings),
        )
        result = replay_original(directory, decision_id, body, owner)
    except (AuditError, KeyUnavailable, OSError) as error:
        fail(str(error), CANNOT_DECIDE)
    if result is None:
        fail(f"no export in the log has the decision id {decision_id}")
    if as_json:
        print_json(msgspec.to_builtins(result))
    else:
        console.print(f"{result.result}  entry {result.entry}  {result.outcome}  {result.why}")
    if result.result != "match":
        raise typer.Exit(NEGATIVE)


def _route_of(directory: Path, decision_id: str, settings: Settings) -> Route:
    """The configured route of an export. Ends the command where there is none."""
    exports = (entry for entry in reader.documents(directory) if entry["kind"] == "export")
    name = next((e["route"] for e in exports if e["decision_id"] == decision_id), None)
    if name is None:
        fail(f"no export in the log has the decision id {decision_id}")
    if name not in settings.routes:
        fail(f"the configuration has no [routes.{name}] any more", CANNOT_DECIDE)
    return Route.of(name, settings.routes[name], settings.exporter)


def erase(config: Path, decisions: list[str], reason: str) -> None:
    """Erase the salts of `decisions`; the gateway must not be running."""
    settings = _settings(config)
    directory = settings.path(settings.audit.dir)
    wanted = set(decisions)
    try:
        rows = [
            entry["commitment"]["row"]
            for entry in reader.documents(directory)
            if entry["kind"] == "export" and entry["decision_id"] in wanted
        ]
        if not rows:
            fail("no export in the log has such a decision id")
        asyncio.run(_erase(settings, rows, reason))
    except (AuditError, KeyUnavailable) as error:
        fail(str(error), CANNOT_DECIDE)
    console.print(f"erased {len(rows)} salts; the log says so")


async def _erase(settings: Settings, rows: list[int], reason: str) -> None:
    directory = settings.path(settings.audit.dir)
    log = open_log(settings, configured_keys(settings))
    vault = Vault(vault_path(directory))
    try:
        await retention.erase(log, vault, rows, reason=reason)
    finally:
        vault.close()
        await log.close()
