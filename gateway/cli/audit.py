"""`silkgate audit`: verify, show and replay the log."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.table import Table

from audit_log import reader
from audit_log import verify as verification
from audit_log.errors import AuditError
from audit_log.report import Report
from gateway.cli.terminal import CANNOT_DECIDE, NEGATIVE, console, fail, print_json
from gateway.node import last_signed
from gateway.replay import Replayed, replay_shapes
from gateway.settings import ConfigError, load


def _place(config: Path, log: Path | None) -> tuple[Path, Path | None]:
    """The log's folder and, where a configuration tells, the last-signed file outside it."""
    if log is not None:
        return log, None
    try:
        settings = load(config)
    except ConfigError as error:
        fail(str(error))
    return settings.path(settings.audit.dir), last_signed(settings)


def verify(config: Path, log: Path | None, *, as_json: bool) -> None:
    """Verify the whole log."""
    directory, state = _place(config, log)
    try:
        report = verification.verify(directory, vkey=_vkey(directory), state=state)
    except AuditError as error:
        fail(str(error), CANNOT_DECIDE)
    if as_json:
        print_json(report.as_dict())
    else:
        _print_report(report)
    if not report.ok:
        raise typer.Exit(NEGATIVE)


def _vkey(directory: Path) -> str:
    """The newest verification key that the log's folder names."""
    keys = sorted((directory / "keys").glob("*.vkey"))
    if not keys:
        fail(f"{directory} holds no audit log: there is no key in its keys folder")
    return keys[-1].read_text(encoding="utf-8").strip()


def _print_report(report: Report) -> None:
    if report.ok:
        console.print(f"[bold green]intact[/]  {report.size} entries, root {report.root}")
    else:
        where = "" if report.first_bad is None else f", first at entry {report.first_bad}"
        console.print(f"[bold red]not intact[/]{where}")
    for problem in report.problems:
        console.print(f"  {problem.code}: {problem.what}", markup=False)
    for title, counts in (("kinds", report.kinds), ("outcomes", report.outcomes)):
        if counts:
            listing = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
            console.print(f"  {title}: {listing}")


def show(
    config: Path, log: Path | None, wanted: dict[str, str | None], last: int, *, as_json: bool
) -> None:
    """List the last entries that have all `wanted` values."""
    directory, _ = _place(config, log)
    asked = {key: value for key, value in wanted.items() if value is not None}
    try:
        entries = deque(_matching(directory, asked), maxlen=last)
    except AuditError as error:
        fail(str(error), CANNOT_DECIDE)
    if as_json:
        print_json(list(entries))
        return
    table = Table("entry", "time (UTC)", "kind", "route", "to", "outcome", "facts", box=None)
    for entry in entries:
        table.add_row(
            str(entry["seq"]),
            datetime.fromtimestamp(entry["ts_us"] / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
            entry["kind"],
            entry.get("route", ""),
            entry.get("destination", ""),
            str(entry.get("outcome", entry.get("status", entry.get("code", "")))),
            _facts(entry),
        )
    console.print(table)


def _matching(directory: Path, asked: dict[str, str]) -> Iterator[dict[str, Any]]:
    for entry in reader.documents(directory):
        if all(entry.get(key) == value for key, value in asked.items()):
            yield entry


def _facts(entry: dict[str, Any]) -> str:
    match entry["kind"]:
        case "export":
            treated = sum(item["cells"] for item in entry.get("treatments", ()))
            return f"{entry['records']} records, {treated} cells ruled on, {entry['decision_id']}"
        case "outcome":
            return f"of entry {entry['export']}"
        case "shape":
            reasons = ", ".join(reason["code"] for reason in entry["decision"]["reasons"])
            return f"{entry['decision']['outcome']}: {reasons}"
        case "start":
            return f"policy revision {entry['revision'][:12]}"
        case _:
            return ""


def replay(config: Path, log: Path | None, decision_id: str | None, *, as_json: bool) -> None:
    """Decide every shape again (or those of one decision) under the bundle it was decided by."""
    directory, _ = _place(config, log)
    try:
        results = replay_shapes(directory, decision_id)
    except AuditError as error:
        fail(str(error), CANNOT_DECIDE)
    if decision_id is not None and not results:
        fail(f"no export in the log has the decision id {decision_id}")
    if as_json:
        print_json([msgspec.to_builtins(result) for result in results])
    else:
        _print_replay(results)
    if any(result.result != "match" for result in results):
        raise typer.Exit(NEGATIVE)


def _print_replay(results: list[Replayed]) -> None:
    colours = {"match": "green", "differs": "red", "not_replayable": "yellow"}
    for each in results:
        console.print(
            f"[{colours[each.result]}]{each.result:<14}[/] entry {each.entry}  "
            f"{each.outcome}  {each.why}"
        )
    matching = sum(each.result == "match" for each in results)
    console.print(f"{matching} of {len(results)} decisions match")
