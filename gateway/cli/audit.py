"""`silkgate audit`: verify, show and replay the log."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from audit_log import quorum, reader
from audit_log import verify as verification
from audit_log.entry import decode
from audit_log.errors import AuditError
from audit_log.export import write_rows
from audit_log.note import BadNote
from audit_log.records import RecordAccounts, account
from audit_log.report import Report
from audit_log.selection import Selection, micros
from gateway.cli.log_place import log_place
from gateway.cli.terminal import CANNOT_DECIDE, NEGATIVE, console, errors, fail, print_json
from gateway.replay.shapes import Replayed, replay_shapes

_LAST: Final = 50
_WIDTH: Final = 140  # of the listing of entries, at least
_UNASKED: Final = {
    "key": "whose log it is; the key is the one in its own folder (--vkey gives yours)",
    "witnesses": "what others saw of it (--policy)",
    "time stamps": "when it existed (--tsa-roots)",
}


@dataclass(frozen=True, slots=True)
class Demands:
    """What a verification is to hold the log to; None leaves it to the configuration."""

    vkey: str | None
    policy: Path | None
    roots: Path | None
    resume: Path | None
    workers: int


def verify(config: Path, log: Path | None, demands: Demands, *, as_json: bool) -> None:
    """Verify the log, with a progress bar on a terminal."""
    place = log_place(config, log)
    policy, roots, resume = demands.policy, demands.roots, demands.resume
    try:
        witnesses = quorum.parse(policy.read_text("utf-8")) if policy else place.policy
        trusted = roots.read_bytes() if roots else place.roots
        with Progress(console=errors, disable=not errors.is_terminal, transient=True) as bar:
            task = bar.add_task("verifying", total=None)
            report = verification.verify(
                place.directory,
                vkey=demands.vkey or place.vkey,
                state=place.state,
                policy=witnesses,
                roots=trusted,
                workers=demands.workers,
                vault=place.vault,
                resume=resume,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except (AuditError, BadNote, OSError) as error:
        fail(str(error), CANNOT_DECIDE)
    except quorum.BadPolicy as error:
        fail(f"{policy}: {error}")
    # What is damaged cannot be read again; a resumed verification has not read it all.
    books = None if resume or not report.ok else _books(place.directory)
    asked = {"key": demands.vkey, "witnesses": witnesses, "time stamps": trusted}
    unasked = [name for name, value in asked.items() if value is None]
    if as_json:
        records = books.as_dict() if books else None
        print_json(report.as_dict() | {"records": records, "not_asked": unasked})
    else:
        _print_report(report)
        if books:
            _print_books(books)
        for name in unasked:
            console.print(f"  [yellow]not asked[/]: {_UNASKED[name]}", soft_wrap=True)
    if not report.ok or (books and not books.closes):
        raise typer.Exit(NEGATIVE)


def _print_report(report: Report) -> None:
    if report.ok:
        console.print(
            f"[bold green]intact[/]  {report.size} entries, root {report.root}", soft_wrap=True
        )
    else:
        where = "" if report.first_bad is None else f", first at entry {report.first_bad}"
        console.print(f"[bold red]not intact[/]{where}")
    for problem in report.problems:
        console.print(f"  {problem.code}: {problem.what}", markup=False)
    checked = {name: count for name, count in report.checked.items() if count}
    named = (("checked", checked), ("kinds", report.kinds), ("outcomes", report.outcomes))
    for title, counts in named:
        if counts:
            listing = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
            console.print(f"  {title}: {listing}")


def _books(directory: Path) -> RecordAccounts:
    return account(data for _, data in reader.entries(directory))


def _print_books(books: RecordAccounts) -> None:
    """Every record that was accepted, and what became of it."""
    fates = [*sorted(books.became.items()), *([("open", books.open)] if books.open else [])]
    listing = " + ".join(f"{what} {count}" for what, count in fates)
    console.print(f"  records: accepted {books.accepted} = {listing or 0}", highlight=False)
    for fault in books.faults:
        console.print(f"  unaccounted: {fault}", markup=False)


def selection(since: str | None, until: str | None, **conditions: Any) -> Selection:
    """What the options ask for. Ends the command on a bad time."""
    times = {"since_us": since, "until_us": until}
    try:
        bounds: dict[str, Any] = {
            name: micros(text) for name, text in times.items() if text is not None
        }
    except ValueError as error:
        fail(f"not an ISO 8601 time: {error}")
    return Selection(**conditions, **bounds)


def show(
    config: Path,
    log: Path | None,
    wanted: Selection,
    last: int | None,
    output: str,
    to: Path | None,
) -> None:
    """List the last entries that match, or write all of them to a Parquet file."""
    place = log_place(config, log)
    if (output == "parquet") != (to is not None):
        fail("-o parquet needs --to FILE, and only that writes a file")
    if to is not None and to.exists():
        fail(f"{to} exists; it is not written over")
    try:
        entries = wanted.entries(place.directory)
        if last is not None or to is None:
            entries = iter(deque(entries, maxlen=_LAST if last is None else last))
        if to is not None:
            console.print(f"wrote {write_rows(to, entries)} entries to {to}")
            return
    except AuditError as error:
        fail(str(error), CANNOT_DECIDE)
    if output == "json":
        print_json([decode(data) for data in entries])
    elif output == "ndjson":
        for data in entries:
            typer.echo(data)
    else:
        _print_entries([decode(data) for data in entries])


def _print_entries(entries: Sequence[dict[str, Any]]) -> None:
    table = Table("entry", "time (UTC)", "kind", "route", "to", "outcome", box=None)
    for column in table.columns:
        column.no_wrap = True
    table.add_column("facts", overflow="fold")
    for entry in entries:
        table.add_row(
            str(entry["seq"]),
            datetime.fromtimestamp(entry["ts_us"] / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S"),
            entry["kind"],
            entry.get("route", ""),
            entry.get("destination", ""),
            str(entry.get("outcome", entry.get("status", entry.get("code", "")))),
            _facts(entry),
        )
    # Facts come last: where the terminal is narrower, it breaks the lines there.
    Console(width=max(console.width, _WIDTH)).print(table)


def _facts(entry: dict[str, Any]) -> str:
    said = ""
    match entry["kind"]:
        case "export":
            treated = sum(item["cells"] for item in entry.get("treatments", ()))
            records = _count(entry["records"], "record")
            said = f"{entry['decision_id']} ({records}, {_count(treated, 'cell')} ruled on)"
        case "outcome":
            said = f"of entry {entry['export']}"
        case "shape":
            reasons = ", ".join(reason["code"] for reason in entry["decision"]["reasons"])
            said = f"{entry['decision']['outcome']}: {reasons}"
        case "start":
            said = f"policy revision {entry['revision'][:12]}"
        case "counters":
            said = f"{entry.get('forwarded', 0)} sent since the start"
        case "stream":
            said = f"{entry['accepted']} records came, {entry['quarantined']} held back"
        case "erase":
            said = f"{_count(len(entry['rows']), 'salt')}: {entry['reason']}"
        case "recovered":
            said = f"{entry['bytes']} bytes of a torn group were cut"
        case "retention":
            said = f"entries {entry['first']} to {entry['end'] - 1} were dropped"
        case "restoration":
            values = entry.get("values", sum(one["values"] for one in entry.get("restored", ())))
            who = entry.get("by", entry.get("caller"))
            said = f"{_count(values, 'value')} turned back for {who}"
            said += f": {entry['reason']}" if "reason" in entry else f", of entry {entry['export']}"
        case "policy":
            said = f"revision {entry['revision'][:12]}: {entry['result']}"
        case "rotation":
            said = f"new key {entry['new']}"
    return said


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def replay(
    config: Path, log: Path | None, decision_id: str | None, sample: int | None, *, as_json: bool
) -> None:
    """Decide every shape again (or those asked for) under the bundle it was decided by."""
    directory = log_place(config, log).directory
    try:
        results = replay_shapes(directory, decision_id, sample)
    except AuditError as error:
        fail(str(error), CANNOT_DECIDE)
    if decision_id is not None and not results:
        fail(f"no export in the log has the decision id {decision_id}")
    if as_json:
        print_json([msgspec.to_builtins(result) for result in results])
    else:
        print_replay(results)
    if any(result.result != "match" for result in results):
        raise typer.Exit(NEGATIVE)


def print_replay(results: Sequence[Replayed]) -> None:
    """How each decision compares, and how many match."""
    colours = {"match": "green", "differs": "red", "not_replayable": "yellow"}
    for each in results:
        console.print(
            f"[{colours[each.result]}]{each.result:<14}[/] entry {each.entry}  "
            f"{each.outcome}  {each.why}"
        )
    matching = sum(each.result == "match" for each in results)
    console.print(f"{matching} of {len(results)} decisions match")
