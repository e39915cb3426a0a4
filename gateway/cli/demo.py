"""`silkgate demo`: sample exports through a gateway to a sink, and the log put to the test."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from audit_log import reader
from audit_log.report import Report
from audit_log.verify import verify
from gateway.cli.terminal import NEGATIVE, console
from gateway.demo.exporter import DENIED, SAMPLES, Sent, configuration, new_key, send
from gateway.demo.sink import running_sink
from gateway.export.transfer import china_date
from gateway.node import create_state, last_signed, utc_now
from gateway.server import serving
from gateway.settings import Settings


def run(records: int) -> None:
    """Run the demonstration in a temporary folder. Exit 1 if anything is not as it should be."""
    with tempfile.TemporaryDirectory(prefix="silkgate-demo-") as folder:
        settings, sent, received = asyncio.run(_exports(Path(folder), records))
        directory = settings.path(settings.audit.dir)
        entries = {entry["seq"]: entry for entry in reader.documents(directory)}
        shapes = {entry["shape"]: entry for entry in entries.values() if entry["kind"] == "shape"}
        bodies = iter(received)
        for each in sent:
            body = next(bodies, b"[]") if each.status == 200 else b"[]"
            _print_export(each, json.loads(body), entries[each.entry], shapes)
        good = _show_verification(settings, directory)
    as_meant = [each.status for each in sent] == [200] * len(SAMPLES) + [403]
    if not (good and as_meant and len(received) == len(SAMPLES)):
        console.print("[bold red]The demonstration did not go as it should.[/]")
        raise typer.Exit(NEGATIVE)


async def _exports(root: Path, records: int) -> tuple[Settings, list[Sent], list[bytes]]:
    key = new_key()
    async with running_sink() as sink:
        today = date.fromisoformat(china_date(utc_now()))
        settings = configuration(root, sink.port, key, today)
        (root / "data").mkdir(mode=0o700)
        create_state(settings)
        console.print("Starting a gateway and a sink that plays the recipients …")
        async with serving(settings) as gateway:
            sent = await send([*SAMPLES, DENIED], gateway.data_port, key, records)
        return settings, sent, [body for _, body in sink.received]


def _print_export(
    sent: Sent, received: list[Any], entry: dict[str, Any], shapes: dict[str, dict[str, Any]]
) -> None:
    console.rule(f"[bold]{sent.sample.title}[/]  ({sent.sample.file})")
    if sent.status == 200:
        console.print(_side_by_side(sent.row, received[0]))
    else:
        console.print(f"[bold red]{sent.status} {sent.reply.get('title', '')}[/]")
    console.print(
        f"audit entry [bold]{entry['seq']}[/]: {entry['outcome']}, {entry['records']} records, "
        f"decision {entry['decision_id']}"
    )
    decisions = [shapes[group["shape"]]["decision"] for group in entry["groups"]]
    reasons = {reason["code"]: reason for each in decisions for reason in each["reasons"]}
    for code, reason in sorted(reasons.items()):
        console.print(f"  [bold]{code}[/]  {reason['citation']}", highlight=False)
        console.print(f"    {reason['en']}\n    {reason['zh']}", highlight=False)
    console.print()


def _side_by_side(row: dict[str, Any], received: dict[str, Any]) -> Table:
    """The first record's filled fields: as sent, as received; changes in colour."""
    table = Table("field", "sent", "received", box=None, pad_edge=False)
    same = 0
    for name, value in row.items():
        if value in (None, "", 0):
            continue
        if received.get(name) == value and len(str(value)) > _LONG:
            same += 1
            continue
        changed = received.get(name) != value
        table.add_row(
            name,
            str(value),
            f"[bold yellow]{received.get(name)}[/]" if changed else f"[green]{value}[/]",
        )
    table.caption = f"and {same} long fields, unchanged" if same else None
    return table


_LONG = 40  # longer texts are counted instead of shown when nothing was done to them


def _show_verification(settings: Settings, directory: Path) -> bool:
    console.rule("[bold]The audit log[/]")
    vkey = next((directory / "keys").glob("*.vkey")).read_text("utf-8").strip()
    honest = verify(directory, vkey=vkey, state=last_signed(settings))
    console.print(f"as written: {_verdict(honest)}")
    copy = directory.with_name("tampered")
    shutil.copytree(directory, copy)
    victim = _tamper(copy)
    tampered = verify(copy, vkey=vkey)
    console.print(f"a copy in which one byte of entry {victim} was changed: {_verdict(tampered)}")
    return honest.ok and not tampered.ok and tampered.first_bad == victim


def _verdict(report: Report) -> str:
    if report.ok:
        return f"[bold green]intact[/], {report.size} entries, root {report.root[:16]}…"
    where = f"first at entry {report.first_bad}"
    return f"[bold red]not intact[/], {where}: {report.problems[0].what}"


def _tamper(directory: Path) -> int:
    """Turn a delivery to Singapore into one to Sweden; return the entry's index."""
    segment = next((directory / "seg").glob("*.frm"))
    data = segment.read_bytes()
    at = data.index(b'"destination":"SG"')
    for seq, entry in reader.entries(directory):
        if b'"destination":"SG"' in entry:
            segment.write_bytes(data[:at] + b'"destination":"SE"' + data[at + 18 :])
            return seq
    raise LookupError("the log holds no export to Singapore")
