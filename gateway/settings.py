"""`gateway.toml`: the only reader of configuration.

The file is strict: a key that is not listed here is an error that names it, so that a misspelt
safeguard cannot silently be absent.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from classifiers.taxonomy import CATEGORIES
from gateway import credentials
from gateway.credentials import (
    CallerLimits,
    Credentials,
    JwtSettings,
    Positive,
    TlsSettings,
)
from gateway.errors import ConfigError
from gateway.keys.store import KmsSettings
from gateway.ledger.model import Opening
from gateway.route_settings import RouteSettings, check_route
from policies.model import CountryCode

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}\Z")]
Role = Literal["caller", "policy", "auditor", "admin"]


class ExporterSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[exporter]`: the personal information handler that answers for the exports."""

    id: Name
    name: str
    uscc: str = ""
    origin: CountryCode = "CN"
    ciio: bool = False
    zone: str = ""
    sector: str = ""
    pilots: list[str] = []


class ListenSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[listen]`: host:port of the data listener and of the admin listener, and their TLS."""

    data: str = "127.0.0.1:8080"
    admin: str = "127.0.0.1:8081"
    tls: TlsSettings | None = None
    admin_tls: TlsSettings | None = None


class CandidateSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[policy.candidate]`: a bundle and overlay that decide beside, and change nothing."""

    bundle: str = "builtin"
    overlay: str = ""


class PolicySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[policy]`: which engine decides, on which bundle and company overlay.

    `watch_seconds`: how often the folders are looked at for changes to reload; 0: never.
    """

    engine: Literal["embedded", "opa"] = "embedded"
    url: str = ""
    bundle: str = "builtin"
    overlay: str = ""
    watch_seconds: Annotated[int, Meta(ge=0)] = 0
    candidate: CandidateSettings | None = None


class WitnessSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[audit.witnesses]`: who cosigns the log (C2SP tlog-policy), and how often they are asked."""

    policy: Annotated[str, Meta(min_length=1)]
    seconds: Positive = 60


class TsaSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[audit.tsa]`: an RFC 3161 time-stamping authority, trusted by the certificates `roots`."""

    url: Annotated[str, Meta(pattern=r"^https?://")]
    roots: Annotated[str, Meta(min_length=1)]
    hours: Positive = 24


class AuditSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[audit]`: where the log lies, and who else vouches for it."""

    dir: str = "data/audit"
    witnesses: WitnessSettings | None = None
    tsa: TsaSettings | None = None


class LedgerSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[ledger]`: where persons are counted, and the balance the year opened with."""

    url: str = "sqlite:data/ledger.db"
    opening: Opening | None = None


class DetectorsSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[detectors]`: the team's own Presidio recognizers, beside those that ship.

    `files` are registry files in YAML, `recognizers` Python classes as `module:Class`;
    `categories` says what an entity is that the taxonomy does not know.
    """

    files: list[str] = []
    recognizers: list[Annotated[str, Meta(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*\Z")]] = []
    categories: dict[str, str] = {}


class KeysSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[keys]`: the keyring folder, and the external service that holds all but the signing key."""

    dir: str = "data/keys"
    kms: KmsSettings | None = None


class RestoreSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[restore]`: accounts of this machine that may open tokens in files, and how many a day."""

    accounts: list[str] = []
    per_day: Positive = 10_000


class LimitsSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[limits]`: one byte budget and one deadline for each export; how long retries are known."""

    max_body_bytes: Positive = 64 * 1024 * 1024
    deadline_seconds: Positive = 30
    retry_seconds: Positive = 24 * 3600  # how long an Idempotency-Key is known
    review_seconds: Positive = 3 * 24 * 3600  # how long a held export can be approved


class StreamsSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[streams]`: exports of many records that are decided group by group.

    `deadline_seconds` bounds a whole stream, `limits.deadline_seconds` each of its groups.
    """

    spool: str = "data/spool"
    quarantine: str = "data/quarantine"
    max_bytes: Positive = 16 * 1024**3
    deadline_seconds: Positive = 3600


class ObserveSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[observe]`: the access log on standard output, and where traces go (OTLP over HTTP)."""

    access_log: bool = True
    otlp: Annotated[str, Meta(pattern=r"^(https?://\S+)?\Z")] = ""
    sample_percent: Annotated[int, Meta(ge=0, le=100)] = 100


class CallerSettings(Credentials, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[callers.<name>]`: a backend service and the routes open to it."""

    routes: list[Name]
    limits: CallerLimits | None = None


class UserSettings(Credentials, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[users.<name>]`: who may use the admin API, and for what."""

    roles: Annotated[list[Role], Meta(min_length=1)]


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `gateway.toml`. Relative paths are relative to `root`, the file's folder."""

    exporter: ExporterSettings
    listen: ListenSettings
    policy: PolicySettings
    audit: AuditSettings
    ledger: LedgerSettings
    keys: KeysSettings
    restore: RestoreSettings
    limits: LimitsSettings
    streams: StreamsSettings
    observe: ObserveSettings
    detectors: DetectorsSettings
    jwt: JwtSettings | None
    callers: dict[str, CallerSettings]
    users: dict[str, UserSettings]
    routes: dict[str, RouteSettings]
    root: Path

    def path(self, relative: str) -> Path:
        """A configured path, resolved against the configuration's folder."""
        return self.root / relative


_SECTIONS: Final[dict[str, type[Struct]]] = {
    "exporter": ExporterSettings,
    "listen": ListenSettings,
    "policy": PolicySettings,
    "audit": AuditSettings,
    "ledger": LedgerSettings,
    "keys": KeysSettings,
    "restore": RestoreSettings,
    "limits": LimitsSettings,
    "streams": StreamsSettings,
    "observe": ObserveSettings,
    "detectors": DetectorsSettings,
}
_OPTIONAL: Final[dict[str, type[Struct]]] = {"jwt": JwtSettings}  # absent: None
_TABLES: Final[dict[str, type[Struct]]] = {
    "callers": CallerSettings,
    "users": UserSettings,
    "routes": RouteSettings,
}


def load(path: Path) -> Settings:
    """Read and validate `path`. Raises `ConfigError`."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    try:
        return parse(document, root=path.resolve().parent)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def parse(document: dict[str, Any], *, root: Path) -> Settings:
    """Validate a decoded configuration. Raises `ConfigError` naming the key at fault."""
    unknown = sorted(set(document) - set(_SECTIONS) - set(_OPTIONAL) - set(_TABLES))
    if unknown:
        raise ConfigError(f"[{unknown[0]}] is not a section; the sections are {_listing()}")
    if "exporter" not in document:
        raise ConfigError("[exporter] is missing: the exporter's id and name must be known")
    sections = {
        name: _convert(document.get(name, {}), kind, name) for name, kind in _SECTIONS.items()
    }
    optional = {
        name: _convert(document[name], kind, name) if name in document else None
        for name, kind in _OPTIONAL.items()
    }
    tables = {
        table: {
            name: _convert(entry, kind, f"{table}.{name}")
            for name, entry in _named(document, table).items()
        }
        for table, kind in _TABLES.items()
    }
    settings = Settings(**sections, **optional, **tables, root=root)  # type: ignore[arg-type]
    for name, route in settings.routes.items():
        check_route(name, route)
    _check_identities(settings)
    for entity, category in settings.detectors.categories.items():
        if category not in CATEGORIES:
            raise ConfigError(f"[detectors.categories]: {entity}: {category!r} is no category")
    for key in ("data", "admin"):
        split_address(getattr(settings.listen, key), f"listen.{key}")
    if settings.policy.engine == "opa" and not settings.policy.url:
        raise ConfigError('policy.url is needed where policy.engine = "opa"')
    return settings


def split_address(address: str, where: str) -> tuple[str, int]:
    """`host:port` as a pair. Raises `ConfigError`."""
    host, separator, port = address.rpartition(":")
    if not separator or not host or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535:
        raise ConfigError(f"{where} must be host:port")
    return host.strip("[]"), int(port)


def _listing() -> str:
    return ", ".join([*_SECTIONS, *_OPTIONAL, *(f"{table}.<name>" for table in _TABLES)])


def _named(document: dict[str, Any], table: str) -> dict[str, Any]:
    entries = document.get(table, {})
    if not isinstance(entries, dict):
        raise ConfigError(f"{table} must be a table of tables, [{table}.<name>]")
    for name in entries:
        try:
            msgspec.convert(name, Name)
        except msgspec.ValidationError as error:
            raise ConfigError(
                f"{table}.{name}: names are lower-case letters, digits, dots and dashes"
            ) from error
    return entries


def _convert(entry: Any, kind: type[Struct], where: str) -> Struct:
    try:
        return msgspec.convert(entry, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(f"[{where}]: {error}") from error


def _check_identities(settings: Settings) -> None:
    listen, jwt = settings.listen, settings.jwt is not None
    for table, known, tls in (
        ("callers", settings.callers, listen.tls),
        ("users", settings.users, listen.admin_tls),
    ):
        if wrong := credentials.fault(known, tls=tls, jwt=jwt):
            raise ConfigError(f"[{table}.{wrong}")
    for name, caller in settings.callers.items():
        for route in caller.routes:
            if route not in settings.routes:
                raise ConfigError(f"[callers.{name}]: there is no [routes.{route}]")
