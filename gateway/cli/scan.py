"""`silkgate scan`: what would leave, field by field, and what the policy says of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import msgspec
import typer
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

from classifiers.model import DetectionIncomplete
from gateway.cli.detecting import looking
from gateway.cli.terminal import CANNOT_DECIDE, NEGATIVE, console, errors, fail, print_json
from gateway.node import edges_of, utc_now
from gateway.route_settings import BasisSettings
from gateway.scan import html, postgres, sources
from gateway.scan.report import FieldReport, TableReport, scan
from gateway.scan.samples import NotInspected, Table
from gateway.scan.usefulness import Comparison
from gateway.treatment.utility import Join, Utility
from policies.bundle import load
from policies.embedded import EmbeddedEngine
from policies.model import PolicyUnavailable

_COLOURS = {"allow": "green", "review": "yellow", "deny": "red"}

Report = Callable[[Table], TableReport]


def run(
    places: list[str],
    destination: str,
    purpose: str,
    *,
    limit: int,
    page: Path | None,
    utility: bool,
    as_json: bool,
    config: Path | None,
    route: str,
) -> None:
    """Scan each place and print what was found; `config` and its `route` say more.

    Exit 1 where a table could not leave at all, 3 where something was not inspected.
    """
    bundle = load()
    if destination not in bundle.data["silkgate"]["jurisdictions"]:
        known = ", ".join(sorted(bundle.data["silkgate"]["jurisdictions"]))
        fail(f"no facts are held on {destination!r}; the destinations are {known}")
    _check(places)
    engine, now = EmbeddedEngine(bundle), utc_now()
    comparison = Comparison() if utility else None
    look = looking(config, route)
    report = partial(
        scan,
        classifier=look.classifier,
        declared=look.declared,
        coded=look.coded,
        decide=engine.decide_sync,
        edges=edges_of(bundle),
        destination=destination,
        purpose=purpose,
        now=now,
        comparison=comparison,
    )
    try:
        reports, missed = asyncio.run(_survey(places, limit, report))
    except (DetectionIncomplete, PolicyUnavailable) as error:
        fail(str(error), CANNOT_DECIDE)
    basis = _basis(reports)
    joins = comparison.joins() if comparison else []
    if page is not None:
        heading = html.Heading(destination, purpose, engine.revision, now)
        page.write_text(html.page(heading, reports, missed, joins, basis), encoding="utf-8")
    if as_json:
        print_json(
            msgspec.to_builtins({"tables": reports, "joins": joins, "not_inspected": missed})
        )
    else:
        _print_all(reports, missed, joins, f"to {destination} for {purpose}", basis)
    if any(each.outcome == "deny" for each in reports):
        raise typer.Exit(NEGATIVE)
    if missed:
        raise typer.Exit(CANNOT_DECIDE)


def _check(places: list[str]) -> None:
    """End the command where a place cannot be looked at as it was named."""
    for place in places:
        if place.startswith(postgres.SCHEMES):
            if find_spec("asyncpg") is None:
                fail("PostgreSQL needs an extra: pip install 'silkgate[postgres]'")
        elif not Path(place).exists():
            fail(f"{place} cannot be read: there is no such file or folder")


async def _survey(
    places: list[str], limit: int, report: Report
) -> tuple[list[TableReport], list[NotInspected]]:
    """One report for each table, and what could not be looked at."""
    reports: list[TableReport] = []
    missed: list[NotInspected] = []
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("opening")
        async with aclosing(_tables(places, limit)) as tables:
            async for table in tables:
                if isinstance(table, NotInspected):
                    missed.append(table)
                    continue
                progress.update(task, description=escape(table.name))
                reports.append(report(table))
    return reports, missed


async def _tables(places: list[str], limit: int) -> AsyncGenerator[Table | NotInspected, None]:
    for place in places:
        if not place.startswith(postgres.SCHEMES):
            for table in sources.tables(Path(place), limit):
                yield table
            continue
        try:
            async with aclosing(postgres.tables(place, limit)) as found:
                async for table in found:
                    yield table
        except OSError as error:
            yield NotInspected(postgres.shown(place), error.strerror or type(error).__name__)


def _print_all(
    reports: list[TableReport],
    missed: list[NotInspected],
    joins: list[Join],
    asked: str,
    basis: str,
) -> None:
    for report in reports:
        _print(report, asked)
    if joins:
        console.print("\n[bold]Joins between tables[/]")
        _print_joins(joins)
    for each in missed:
        console.print(f"\n[bold]{escape(each.name)}[/]  [red]not inspected[/]: {escape(each.why)}")
    if basis:
        console.print(
            "\nFacts that were lacking, as routes for this purpose usually have them. "
            "Confirm each before you paste it:\n"
        )
        typer.echo(basis)


def _print(report: TableReport, asked: str) -> None:
    sample = report.sample
    about = "" if sample.exact else "about "
    part = "" if sample.whole else f" (a random sample of {about}{sample.of})"
    console.print(
        f"\n[bold]{escape(report.name)}[/]  {report.records} records{part}, "
        f"{report.cells} cells, {asked}"
    )
    if report.unread:
        console.print(f"[red]{report.unread} cells hold no text and were not looked at[/]")
    if report.fields:
        console.print(_grid(report))
    else:
        console.print("no personal information found")
    if report.usefulness:
        _print_usefulness(report.usefulness)
    colour = _COLOURS[report.outcome]
    given = "given the basis below: " if report.lacked else ""
    if report.lacked:
        without = report.outcome_without_basis
        console.print(f"with no basis stated: [{_COLOURS[without]}]{without}[/]")
    console.print(f"{given}[bold {colour}]{report.outcome}[/]")
    for reason in report.reasons:
        console.print(
            f"  {reason.code} ({reason.citation}): {reason.en}", highlight=False, markup=False
        )
    if report.obligations:
        console.print(f"  duties that hold all the same: {', '.join(report.obligations)}")


def _grid(report: TableReport) -> Grid:
    grid = Grid(box=None, pad_edge=False)
    for title in ("field", "category", "level", "verdict", "cells", "example", "treatment"):
        grid.add_column(title, overflow="fold")
    for each in report.fields:
        cells = f"{each.cells}/{each.of}"
        grid.add_row(
            escape(each.pointer), each.category, each.level, _verdict(each), cells,
            escape(each.example), each.treatment,
        )  # fmt: skip
    return grid


def _verdict(field: FieldReport) -> str:
    """The verdict, what raised the level, and drift from the contract."""
    return ", ".join(filter(None, (field.verdict, field.reason, field.drift)))


def _print_usefulness(useful: Utility) -> None:
    """What is left to join and to count; figures only, no value."""
    grid = Grid(box=None, pad_edge=False)
    for title in ("treated field", "cells", "removed", "distinct", "one to one", "entropy kept"):
        grid.add_column(title, overflow="fold")
    for each in useful.columns:
        distinct = f"{each.distinct_before} to {each.distinct_after}"
        grid.add_row(
            escape(each.pointer), str(each.cells), str(each.removed), distinct,
            "yes" if each.one_to_one else "no", f"{each.entropy_kept:.0%}",
        )  # fmt: skip
    console.print(grid if useful.columns else "nothing would be treated")
    _print_joins(useful.joins)


def _print_joins(joins: Sequence[Join]) -> None:
    for join in joins:
        console.print(
            f"join of {join.left} and {join.right}: {join.shared_after} of {join.shared_before} "
            "common values left",
            markup=False,
            highlight=False,
        )


def _basis(reports: list[TableReport]) -> str:
    """The basis that the most demanding report made up, as TOML; "" where nothing lacked."""
    lacking = [report for report in reports if report.lacked]
    if not lacking:
        return ""
    return basis_toml(max(lacking, key=lambda report: len(report.lacked)).basis)


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
