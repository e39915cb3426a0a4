"""`silkgate ledger`: counts, never who."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import typer
from rich.table import Table

from audit_log import reader
from audit_log.errors import AuditError
from gateway.cli.terminal import CANNOT_DECIDE, console, fail, print_json
from gateway.engines import load_bundle
from gateway.errors import ConfigError
from gateway.ledger import rebuild as rebuilding
from gateway.ledger.model import LedgerUnavailable, approaching, band_of, year_of
from gateway.node import edges_of, ledger_place, utc_now
from gateway.settings import Settings, load
from policies.bundle import allowances
from policies.errors import BundleError


def _settings(config: Path) -> Settings:
    try:
        return load(config)
    except ConfigError as error:
        fail(str(error))


def create(config: Path) -> None:
    """Start the exporter's ledger in its database."""
    settings = _settings(config)

    async def start() -> None:
        ledger = await ledger_place(settings).create(settings.ledger.opening, clock=utc_now)
        await ledger.close()

    try:
        asyncio.run(start())
    except LedgerUnavailable as error:
        fail(str(error), CANNOT_DECIDE)
    console.print(f"Started the ledger of [bold]{settings.exporter.id}[/].")


def show(config: Path, *, as_json: bool) -> None:
    """Print the year's counts and the next threshold of each."""
    settings = _settings(config)
    try:
        now = asyncio.run(ledger_place(settings).standing(clock=utc_now))
        bundle = load_bundle(settings)
        edges, caps = edges_of(bundle), allowances(bundle)
    except (BundleError, ConfigError, LedgerUnavailable) as error:
        fail(str(error), CANNOT_DECIDE)
    if as_json:
        print_json(msgspec.to_builtins(now))
        return
    console.print(f"[bold]{now.exporter}[/], {now.year} (Asia/Shanghai)")
    table = Table("tally", "persons", "next threshold", "no identifier", "erased", box=None)
    for kind, steps in (("general", edges.general), ("sensitive", edges.sensitive)):
        count = getattr(now.counted, kind)
        edge = band_of(count, steps).below
        table.add_row(
            kind,
            f"{count:,}",
            f"{edge:,}" if edge else "none",
            f"{getattr(now.unidentified, kind):,}",
            f"{getattr(now.erased, kind):,}",
        )
    for article, count in sorted(now.exempt.items()):
        table.add_row(f"exempt: {article}", f"{count.general:,}", "", "", "")
    console.print(table)
    if now.allowances:
        spent = Table("within", "persons", "records", "bytes", "caps", box=None)
        for name, used in now.allowances.items():
            spent.add_row(
                name,
                f"{used.persons:,}",
                f"{used.records:,}",
                f"{used.bytes:,}",
                ", ".join(f"{what} below {cap:,}" for what, cap in caps.get(name, {}).items())
                or "no longer in the policies",
            )
        console.print(spent)
    for near in approaching(now.counted, edges):
        console.print(f"[yellow]{near.kind}: {near.count:,} is 80 % of {near.edge:,} or more[/]")
    if now.opening_missing:
        console.print("[yellow]the year began before this ledger: state \\[ledger.opening][/]")


def rebuild(config: Path, *, from_log: bool) -> None:
    """Derive the index from the journal, or an opening balance from the audit log."""
    settings = _settings(config)
    try:
        if not from_log:
            now = asyncio.run(ledger_place(settings).rebuild(clock=utc_now))
            console.print(
                f"rebuilt {now.year} exactly: {now.counted.general:,} general, "
                f"{now.counted.sensitive:,} sensitive"
            )
            return
        entries = reader.documents(settings.path(settings.audit.dir))
        tallies = [entry["persons"] for entry in entries if entry.get("persons")]
        totals = rebuilding.rebuild_from_log(tallies, year_of(utc_now()))
    except (AuditError, ConfigError, LedgerUnavailable) as error:
        fail(str(error), CANNOT_DECIDE)
    opening = totals.opening(utc_now())
    console.print(
        "The log knows how many, not who: with this opening balance everyone counts as new."
    )
    typer.echo(
        f"[ledger.opening]\nyear = {opening.year}\ngeneral = {opening.general}\n"
        f"sensitive = {opening.sensitive}\nas_of = {opening.as_of}\n"
        f'evidence = "{opening.evidence}"'
    )
