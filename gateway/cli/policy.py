"""`silkgate policy`: the security team's bench."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import typer
from rich.table import Table

from audit_log import reader
from audit_log.errors import AuditError
from gateway.cli.terminal import BAD_USE, CANNOT_DECIDE, NEGATIVE, console, fail, print_json
from gateway.export.transfer import china_date
from gateway.node import utc_now
from policies import check as checking
from policies import diff as differing
from policies import show as showing
from policies import sign as signing
from policies import simulate as simulating
from policies import testing
from policies.bundle import ROOT, Bundle, archive, from_archive, load
from policies.embedded import EmbeddedEngine
from policies.errors import BundleError
from policies.model import Decision, PolicyInput

Source = tuple[str, Path | None]  # bundle and overlay


def _load(source: Source) -> Bundle:
    try:
        return load(*source)
    except BundleError as error:
        fail(str(error), BAD_USE)


def check(bundle: str, overlay: Path | None, *, as_json: bool) -> None:
    """Print every fault."""
    if overlay is not None and not overlay.is_dir():
        fail(f"{overlay}: no such folder; an overlay is a folder of Rego and data files")
    faults = checking.check(bundle, overlay)
    if as_json:
        print_json([asdict(fault) for fault in faults])
    else:
        for fault in faults:
            where = f"{fault.path}:{fault.line}: " if fault.path else ""
            console.print(f"{where}{fault.message}", markup=False, highlight=False)
        if not faults:
            console.print("[green]nothing wrong[/]")
    if faults:
        raise typer.Exit(NEGATIVE)


def test(bundle: str, overlay: Path | None, *, as_json: bool) -> None:
    """Run the Rego tests and print the failures."""
    try:
        results = testing.run_tests(bundle, overlay)
    except BundleError as error:
        fail(str(error), BAD_USE)
    failed = [result for result in results if result.error]
    if as_json:
        print_json([asdict(result) for result in results])
    else:
        for result in failed:
            where = f"{result.path}:{result.line}"
            console.print(f"[red]failed[/] {where} {result.name}: {result.error}")
        console.print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    if failed:
        raise typer.Exit(NEGATIVE)


def show(
    destination: str, purpose: str, bundle: str, overlay: Path | None, *, as_json: bool
) -> None:
    """Print the sheet of one purpose and destination."""
    loaded = _load((bundle, overlay))
    engine = EmbeddedEngine(loaded)
    try:
        sheet = showing.show(
            loaded,
            engine.decide_sync,
            destination=destination,
            purpose=purpose,
            at=china_date(utc_now()),
        )
    except BundleError as error:
        fail(str(error), BAD_USE)
    if as_json:
        print_json(asdict(sheet))
        return
    console.print(f"[bold]{sheet.purpose['en']}[/] ({purpose}) to [bold]{destination}[/]")
    table = Table(box=None)
    table.add_column("category", no_wrap=True)
    for name in ("what it is", "中文", "level", "treatment"):
        table.add_column(name, overflow="fold")
    for row in sheet.rows:
        held = ", record held" if row.hold else ""
        necessary = " (necessary)" if row.necessary else ""
        treatment = row.treatment + held + necessary
        key = f"{row.category}/{row.entity}" if row.entity else row.category
        table.add_row(key, row.en, row.zh, row.level, treatment)
    console.print(table)
    law = sheet.destination
    console.print(
        f"law there: {law['law']}, in force {law['in_force'] or 'at a date not recorded'} "
        f"(confidence {law['confidence']}, checked {law['checked']})",
        highlight=False,
    )
    for part in ("localisation", "breach_notice"):
        console.print(f"{part.replace('_', ' ')}: {law[part] or 'none known'}", highlight=False)
    console.print(f"onward: {law['transfer']['rule'] or 'no rule known'}", highlight=False)
    console.print(f"agreements: {', '.join(sheet.agreements) or 'none'}")
    console.print(f"duties: {', '.join(sheet.obligations) or 'none'}")


def diff(old: Source, new: Source, *, as_json: bool) -> None:
    """Print every change in words."""
    changes = differing.diff(_load(old), _load(new))
    if as_json:
        print_json([asdict(change) for change in changes])
    else:
        for change in changes:
            console.print(f"{change.kind:<5} {change.text}", markup=False, highlight=False)
        if not changes:
            console.print("no difference")
    if changes:
        raise typer.Exit(NEGATIVE)


def simulate(
    new: str, overlay: Path | None, log: Path, since: str | None, *, as_json: bool
) -> None:
    """Decide the log's shapes again and print what would differ."""
    if not (log / "seg").is_dir():
        fail(f"{log} holds no audit log; it is the folder that [audit].dir names")
    bundle = _load((new, overlay))
    strictness = bundle.data[ROOT]["strictness"]["order"]
    try:
        shapes = recorded_shapes(log, since)
    except (AuditError, msgspec.ValidationError) as error:
        fail(f"{log}: {error}", CANNOT_DECIDE)
    report = simulating.simulate(EmbeddedEngine(bundle).decide_sync, shapes, strictness=strictness)
    if as_json:
        summed = [asdict(each) for each in report.summed()]
        print_json(asdict(report) | {"differences": summed, "freed": report.freed})
    else:
        table = Table("what", "route", "field", "before", "after", "exports", "why", box=None)
        for each in report.summed():
            why = ", ".join(each.reasons)
            table.add_row(
                each.kind, each.route, each.pointer, each.before, each.after, str(each.exports), why
            )
        if report.differences:
            console.print(table)
        console.print(
            f"{report.exports} decisions of {report.shapes} shapes taken again"
            + (f" (since {since})" if since else "")
        )
        kinds = Counter[str]()
        for each in report.differences:
            kinds[each.kind] += each.exports
        said = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        console.print(said or "nothing would be decided otherwise", highlight=False)
        if report.freed:
            console.print("[red]something would leave that did not, more openly, or uncounted[/]")
    if report.freed:
        raise typer.Exit(NEGATIVE)


def recorded_shapes(log: Path, since: str | None) -> list[simulating.Shape]:
    """The log's shapes with the number of groups each decided. Raises `LogDamaged`."""
    first_us = 0
    if since is not None:
        try:
            moment = datetime.fromisoformat(since)
        except ValueError:
            fail(f"--since {since} is not an ISO 8601 time, as in 2026-11-01 or 2026-11-01T08:00Z")
        first_us = int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1_000_000)
    shapes: dict[str, tuple[PolicyInput, Decision]] = {}
    exports: Counter[str] = Counter()
    for entry in reader.documents(log):
        if entry["kind"] == "shape":
            question = msgspec.convert(entry["input"], PolicyInput)
            shapes[entry["shape"]] = question, msgspec.convert(entry["decision"], Decision)
        elif entry["kind"] == "export" and entry["ts_us"] >= first_us:
            decided = [*entry["groups"], *entry.get("would_be", ())]  # both, of a shadow route
            exports.update(group["shape"] for group in decided)
    return [simulating.Shape(*shapes[shape], count) for shape, count in exports.items()]


def verify(signed: Path, key: Path) -> None:
    """Check the signature and the revision of a signed bundle."""
    try:
        packed = signed.read_bytes()
        signing.verify(packed, key.read_bytes())
        revision = from_archive(packed).revision
    except OSError as error:
        fail(f"{error.filename} cannot be read: {error.strerror}")
    except ValueError as error:
        fail(f"{key}: {error}")
    except BundleError as error:
        console.print(f"[red]not as it was signed[/]  {signed}: {error}", highlight=False)
        raise typer.Exit(NEGATIVE) from error
    console.print(f"[green]as it was signed[/]  {signed}, revision {revision[:12]}")


def sign(bundle: str, overlay: Path | None, key: Path, key_id: str, to: Path) -> None:
    """Write the signed bundle to the new file `to`."""
    if to.exists():
        fail(f"{to} exists; it is not written over")
    try:
        private = key.read_bytes()
        signed = signing.sign(archive(_load((bundle, overlay))), private, key_id=key_id)
        to.write_bytes(signed)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    except BundleError as error:
        fail(f"{key}: {error}")
    revision = from_archive(signed).revision
    console.print(f"wrote {to}, revision {revision[:12]}, signed as {key_id}", highlight=False)
