"""`silkgate export`: files through the same pipeline as requests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from audit_log.errors import AuditError
from gateway.cli.terminal import CANNOT_DECIDE, NEGATIVE, console, errors, fail, print_json
from gateway.errors import AuditFailed, CannotDecide, ConfigError, GatewayError
from gateway.keys.keyring import KeyUnavailable
from gateway.ledger.model import LedgerUnavailable
from gateway.node import running
from gateway.settings import Settings, load
from gateway.streams.files import MEDIA, FileExport, Summary
from gateway.streams.grouped import SUFFIXES
from gateway.streams.journal import Journal, JournalMismatch, outcomes
from policies.errors import BundleError

Pair = tuple[Path, Path]


def run(
    source: Path, target: Path, config: Path, route: str, *, workers: int, as_json: bool
) -> None:
    """Export a file, or every file of a folder. Exit 1 where a record stayed, 3 on no decision."""
    pairs = _pairs(source, target)
    try:
        settings = load(config)
        if route not in settings.routes:
            fail(f"there is no [routes.{route}] in {config}")
        summaries = asyncio.run(_export(settings, route, pairs, workers))
    except (ConfigError, BundleError, JournalMismatch) as error:
        fail(str(error))
    except (CannotDecide, AuditFailed, KeyUnavailable, LedgerUnavailable, AuditError) as error:
        fail(f"{error}; run the command again to go on", CANNOT_DECIDE)
    except (GatewayError, OSError) as error:
        fail(str(error))
    if as_json:
        print_json(summaries)
    else:
        for summary in summaries:
            _print(summary)
    if any(each.outcome != "allow" or each.quarantined for each in summaries):
        raise typer.Exit(NEGATIVE)


def _pairs(source: Path, target: Path) -> list[Pair]:
    """Inputs and outputs; of a folder, its files by name. Nothing is ever overwritten."""
    if source.is_dir():
        pairs = [(path, target / path.name) for path in sorted(source.iterdir()) if path.is_file()]
        target.mkdir(parents=True, exist_ok=True)
    else:
        pairs = [(source, target)]
    known = sorted({*MEDIA, *SUFFIXES})
    for path, output in pairs:
        if not path.is_file():
            fail(f"{path} is no file")
        if path.suffix.lower() not in known:
            fail(f"{path}: its name must end in {', '.join(known)}")
        if output.suffix.lower() != path.suffix.lower():
            fail(f"{output}: its name must end in {path.suffix}, as that of the input does")
        if output.exists() and not Journal(output).path.exists():
            fail(f"{output} exists already; it is not overwritten")
    return pairs


async def _export(
    settings: Settings, route: str, pairs: Sequence[Pair], workers: int
) -> list[Summary]:
    journals = [Journal(target) for _, target in pairs]
    known = partial(outcomes, journals, settings.path(settings.audit.dir))
    total = sum(source.stat().st_size for source, _ in pairs)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task("starting", total=total)
        async with running(settings, workers=workers, known=known) as node:
            summaries = []
            for source, target in pairs:
                bar.update(task, description=source.name)
                advance = partial(bar.advance, task)
                export = FileExport(node, node.routes[route], source, target, advance)
                summaries.append(await export.run())
            return summaries


def _print(summary: Summary) -> None:
    colour = {"allow": "green", "review": "yellow", "deny": "red"}[summary.outcome]
    again = ", taken up again" if summary.resumed else ""
    console.print(
        f"[{colour}]{summary.outcome}[/]  {summary.file}: {summary.delivered} records left, "
        f"{summary.quarantined} in the quarantine{again}  ({summary.decision_id})",
        highlight=False,
    )
    for reason in summary.reasons:
        console.print(f"  {reason.code} ({reason.citation}): {reason.en}", highlight=False)
