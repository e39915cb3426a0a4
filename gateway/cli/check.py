"""`silkgate check`: whether everything that `serve` needs is there and well."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import typer

from audit_log import verify as verification
from audit_log.errors import AuditError
from gateway.cli.terminal import NEGATIVE, console, print_json
from gateway.detectors import load_detectors
from gateway.engines import load_bundle, prove
from gateway.errors import ConfigError
from gateway.http.front import Front
from gateway.keys.keyring import KeyUnavailable
from gateway.ledger.model import LedgerUnavailable
from gateway.ledger.same_key import LedgerKey
from gateway.node import configured_keys, last_signed, ledger_place, utc_now
from gateway.settings import Settings, load
from gateway.vouchers import tsa_roots, witness_policy
from policies.errors import BundleError

_PROBLEMS = (
    AuditError,
    BundleError,
    ConfigError,
    KeyUnavailable,
    LedgerUnavailable,
    OSError,
)
Finding = tuple[str, bool, str]  # part, whether it is well, what was seen


def run(config: Path, *, as_json: bool) -> None:
    """Check every part and print what is wrong and where."""
    try:
        settings = load(config)
    except ConfigError as error:
        findings: list[Finding] = [("configuration", False, str(error))]
    else:
        findings = [("configuration", True, f"{len(settings.routes)} routes")]
        findings += [_checked(part, check, settings) for part, check in _CHECKS.items()]
    if as_json:
        print_json([{"part": p, "ok": ok, "detail": detail} for p, ok, detail in findings])
    else:
        for part, ok, detail in findings:
            mark = "[green]ok[/]   " if ok else "[red]wrong[/]"
            console.print(f"{mark}  {part:<14} ", end="")
            console.print(detail, markup=False, highlight=False)
    if not all(ok for _, ok, _ in findings):
        raise typer.Exit(NEGATIVE)


def _checked(part: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return part, True, check(settings)
    except (
        AuditError,
        BundleError,
        ConfigError,
        KeyUnavailable,
        LedgerUnavailable,
        OSError,
    ) as error:
        return part, False, str(error)


def _policies(settings: Settings) -> str:
    bundle = load_bundle(settings)
    prove(bundle)
    unknown = sorted(
        f"{route.destination} ([routes.{name}])"
        for name, route in settings.routes.items()
        if route.destination not in bundle.data["silkgate"]["jurisdictions"]
    )
    if unknown:
        raise ConfigError(f"no facts on {', '.join(unknown)}: every export there is denied")
    return f"revision {bundle.revision[:12]}"


def _detectors(settings: Settings) -> str:
    detectors = load_detectors(settings).registry.detectors
    team = sum(each.adopted for each in detectors)
    return f"{len(detectors)}" + (f", {team} of them the team's own" if team else "")


def _keys(settings: Settings) -> str:
    configured_keys(settings)
    kms = settings.keys.kms
    return f"{settings.path(settings.keys.dir)}{', roots from the external service' if kms else ''}"


def _ledger(settings: Settings) -> str:
    place = ledger_place(settings)

    async def same_key() -> None:
        ledger = await place.open(clock=utc_now, key=LedgerKey.of(configured_keys(settings)))
        await ledger.close()

    if place.shared:
        asyncio.run(same_key())
    now = asyncio.run(place.standing(clock=utc_now))
    if now.opening_missing and settings.ledger.opening is None:
        raise ConfigError(
            f"{now.year} began before this ledger: state [ledger.opening], or every export that "
            "counts persons goes to review"
        )
    return f"{now.year}: {now.counted.general} general, {now.counted.sensitive} sensitive"


def _listeners(settings: Settings) -> str:
    """Everything that callers, users, routes and listeners name can be read, and is not over."""
    front = Front(settings)
    now = utc_now()
    for name, listener in (("listen.tls", front.data), ("listen.admin_tls", front.admin)):
        if listener and listener.end() <= now.timestamp():
            raise ConfigError(f"{name}: the certificate's time is over")
    for table, known in (("callers", settings.callers), ("users", settings.users)):
        for name, each in known.items():
            keys = each.all_keys()
            if keys and all(key.not_after and key.not_after <= now for key in keys):
                raise ConfigError(f"[{table}.{name}]: the time of every key is over")
    said = (
        f"{len(settings.callers)} callers, {len(settings.users)} users, "
        f"{len(settings.routes)} recipients"
    )
    plain = [n for n, route in settings.routes.items() if route.upstream.startswith("http:")]
    return said + (f"; without TLS to the recipient: {', '.join(plain)}" if plain else "")


def _log(settings: Settings) -> str:
    directory = settings.path(settings.audit.dir)
    keys = sorted((directory / "keys").glob("*.vkey"))
    if not keys:
        raise ConfigError(f"{directory} holds no audit log; `silkgate init` makes one")
    vkey = keys[-1].read_text(encoding="utf-8").strip()
    witness_policy(settings)  # whether others have vouched is for `audit verify` to say
    roots = tsa_roots(settings)
    report = verification.verify(directory, vkey=vkey, state=last_signed(settings), roots=roots)
    if not report.ok:
        raise ConfigError(f"{directory}: {report.problems[0].what}")
    return f"{report.size} entries, intact"


_CHECKS: dict[str, Callable[[Settings], str]] = {
    "policies": _policies,
    "detectors": _detectors,
    "keys": _keys,
    "ledger": _ledger,
    "listeners": _listeners,
    "audit log": _log,
}
