"""`silkgate scan`: what would leave, field by field, and what the policy says of it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import typer
from rich.table import Table

from classifiers.classify import Classifier
from classifiers.model import DetectionIncomplete
from classifiers.registry import default_registry
from gateway.cache import cache_dir
from gateway.cli import files
from gateway.cli.terminal import CANNOT_DECIDE, NEGATIVE, console, fail, print_json
from gateway.node import edges_of, utc_now
from gateway.scan import FileReport, scan
from gateway.settings import BasisSettings
from policies.bundle import load
from policies.embedded import EmbeddedEngine
from policies.model import PolicyUnavailable

_COLOURS = {"allow": "green", "review": "yellow", "deny": "red"}


def run(paths: list[Path], destination: str, purpose: str, *, as_json: bool) -> None:
    """Scan each file and print what was found. Exit 1 where a file could not leave at all."""
    bundle = load()
    if destination not in bundle.data["silkgate"]["jurisdictions"]:
        known = ", ".join(sorted(bundle.data["silkgate"]["jurisdictions"]))
        fail(f"no facts are held on {destination!r}; the destinations are {known}")
    engine = EmbeddedEngine(bundle)
    classifier = Classifier(default_registry(), cache_dir=cache_dir())
    edges = edges_of(bundle)
    try:
        reports = [
            scan(
                path.name,
                files.read(str(path)).batch,
                classifier,
                engine.decide_sync,
                edges,
                destination=destination,
                purpose=purpose,
                now=utc_now(),
            )
            for path in paths
        ]
    except (DetectionIncomplete, PolicyUnavailable) as error:
        fail(str(error), CANNOT_DECIDE)
    if as_json:
        print_json([msgspec.to_builtins(report) for report in reports])
    else:
        for report in reports:
            _print(report, destination, purpose)
        _print_basis(reports)
    if any(report.outcome == "deny" for report in reports):
        raise typer.Exit(NEGATIVE)


def _print(report: FileReport, destination: str, purpose: str) -> None:
    console.print(
        f"\n[bold]{report.name}[/]  {report.records} records, {report.cells} cells, "
        f"to {destination} for {purpose}"
    )
    if report.fields:
        table = Table(box=None, pad_edge=False)
        for title in ("field", "category", "level", "verdict", "cells", "example", "treatment"):
            table.add_column(title, overflow="fold")
        for each in report.fields:
            table.add_row(
                each.pointer, each.category, each.level, each.verdict, str(each.cells),
                each.example, each.treatment,
            )  # fmt: skip
        console.print(table)
    else:
        console.print("no personal information found")
    colour = _COLOURS[report.outcome]
    given = "given the basis below: " if report.lacked else ""
    if report.lacked:
        without = report.outcome_without_basis
        console.print(f"with no basis stated: [{_COLOURS[without]}]{without}[/]")
    console.print(f"{given}[bold {colour}]{report.outcome}[/]")
    for reason in report.reasons:
        console.print(f"  {reason.code} ({reason.citation}): {reason.en}", highlight=False)
    if report.obligations:
        console.print(f"  duties that hold all the same: {', '.join(report.obligations)}")


def _print_basis(reports: list[FileReport]) -> None:
    lacking = [report for report in reports if report.lacked]
    if not lacking:
        return
    widest = max(lacking, key=lambda report: len(report.lacked))
    console.print(
        "\nFacts that were lacking, as routes for this purpose usually have them. "
        "Confirm each before you paste it:\n"
    )
    typer.echo(basis_toml(widest.basis))


def basis_toml(basis: BasisSettings) -> str:
    """The basis as TOML, ready for `gateway.toml`."""
    lines = ["[routes.x.basis]", f'ground = "{basis.ground}"']
    if basis.exemption is not None:
        lines.append(f'exemption = "{basis.exemption}"')
    if basis.consent is not None:
        given = basis.consent
        lines.append(f'consent = {{ ref = "{given.ref}", notice = "{given.notice}" }}')
    if basis.mechanism is not None:
        held = basis.mechanism
        lines.append(
            f'mechanism = {{ kind = "{held.kind}", ref = "{held.ref}", '
            f"valid_until = {held.valid_until} }}"
        )
    return "\n".join(lines)
