"""`silkgate audit replay --original`: what needs the bodies and the salts."""

from __future__ import annotations

from pathlib import Path

import msgspec
import typer

from audit_log import reader
from audit_log.commitment import Vault
from audit_log.errors import AuditError
from gateway.cli.audit import print_replay
from gateway.cli.terminal import BAD_USE, CANNOT_DECIDE, NEGATIVE, fail, print_json
from gateway.detectors import load_detectors
from gateway.errors import ConfigError
from gateway.export.commitments import Commitments
from gateway.export.transfer import Route
from gateway.keys.keyring import KeyUnavailable
from gateway.node import configured_keys, vault_path
from gateway.replay.original import Owner, replay_folder, replay_original
from gateway.settings import Settings, load


def _settings(config: Path) -> Settings:
    try:
        return load(config)
    except ConfigError as error:
        fail(str(error))


def replay(
    config: Path, decision_id: str | None, original: Path, sample: int | None, *, as_json: bool
) -> None:
    """Replay one export on its original body, or a sample of all on those that a folder holds."""
    if (decision_id is None) != original.is_dir():
        fail("--original is the body of one --decision, or a folder of bodies", BAD_USE)
    settings = _settings(config)
    directory = settings.path(settings.audit.dir)
    try:
        owners = _Owners(settings)
        if decision_id is not None:
            owner = owners.of(_route_of(directory, decision_id))
            found = replay_original(directory, decision_id, original.read_bytes(), owner)
            results = [found] if found else []
        else:
            results = replay_folder(directory, original, sample, owners.of)
    except (AuditError, ConfigError, KeyUnavailable, OSError) as error:
        fail(str(error), CANNOT_DECIDE)
    if not results:
        fail(f"{directory} holds no export")
    if as_json:
        print_json([msgspec.to_builtins(result) for result in results])
    else:
        print_replay(results)
    if any(result.result != "match" for result in results):
        raise typer.Exit(NEGATIVE)


class _Owners:
    """The owner's side, made once; the route is each export's own."""

    def __init__(self, settings: Settings) -> None:
        detectors = load_detectors(settings)
        self._settings = settings
        self._classifier = detectors.classifier
        self._detectors = detectors.digest
        self._keyring = configured_keys(settings)
        self._commitments = Commitments(Vault(vault_path(settings.path(settings.audit.dir))))

    def of(self, route: str) -> Owner:
        """For the exports of one route. Ends the command where it is not configured any more."""
        settings = self._settings
        if route not in settings.routes:
            fail(f"the configuration has no [routes.{route}] any more", CANNOT_DECIDE)
        return Owner(
            classifier=self._classifier,
            detectors_digest=self._detectors,
            keyring=self._keyring,
            commitments=self._commitments,
            route=Route.of(route, settings.routes[route], settings.exporter),
        )


def _route_of(directory: Path, decision_id: str) -> str:
    """The route of an export. Ends the command where there is none."""
    for entry in reader.documents(directory):
        if entry["kind"] == "export" and entry["decision_id"] == decision_id:
            return str(entry["route"])
    return fail(f"no export in the log has the decision id {decision_id}")
