"""`silkgate audit prove|export|checkpoint`: what outsiders are given."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import typer

from audit_log import anchor as anchors
from audit_log import export as exports
from audit_log import fsck as checking
from audit_log import proof, reader
from audit_log.errors import AuditError
from audit_log.tree import ProofInvalid
from gateway.cli.log_place import log_place
from gateway.cli.terminal import NEGATIVE, console, errors, fail
from gateway.errors import ConfigError
from gateway.settings import Settings, load
from gateway.vouching import Vouching, posting


def prove(config: Path, log: Path | None, index: int, to: Path) -> None:
    """Write the proof to `to` and the entry's bytes beside it."""
    directory = log_place(config, log).directory
    try:
        made = proof.prove(directory, index)
        entry = reader.entry(directory, index)
    except (AuditError, KeyError, ProofInvalid) as error:
        fail(str(error.args[0]), NEGATIVE)
    beside = to.with_suffix(".json")
    for path in (to, beside):
        if path.exists():
            fail(f"{path} exists; it is not written over")
    to.write_bytes(made.encode())
    beside.write_bytes(entry)
    console.print(f"wrote {to} and the entry to {beside}")


def export(
    config: Path, log: Path | None, to: Path, start: int, end: int | None, form: str
) -> None:
    """Write entries, proof and verifier to the new folder `to`, and a further view if asked."""
    place = log_place(config, log)
    try:
        made = exports.export_range(place.directory, to, vkey=place.vkey, start=start, end=end)
    except AuditError as error:
        fail(str(error), NEGATIVE)
    if form == "parquet":
        exports.write_parquet(to)
    elif form == "opa":
        exports.write_opa(to, place.directory)
    last = made.first + made.count - 1
    console.print(f"wrote entries {made.first}..{last} of {made.size} to {to}")
    console.print(
        f"check them anywhere: python {to / 'verify_export.py'} {to} --vkey '{place.vkey}'",
        soft_wrap=True,
        markup=False,
    )


def fsck(config: Path, log: Path | None, *, mend: bool) -> None:
    """Check what is derived from the entries, and mend it if asked."""
    try:
        found = checking.fsck(log_place(config, log).directory, mend=mend)
    except (AuditError, OSError) as error:
        fail(str(error), NEGATIVE)
    for each in found:
        state = "mended" if each.mended else "wrong"
        console.print(f"{state}: {each.path}: {each.what}", markup=False)
    if not found:
        console.print("[green]nothing wrong[/]")
    if any(not each.mended for each in found):
        raise typer.Exit(NEGATIVE)


def checkpoint(config: Path, log: Path | None, *, anchor: bool, vouch: bool) -> None:
    """Print the published checkpoint as signed, or its digests."""
    if vouch:
        _vouch(config)
    signed = (log_place(config, log).directory / "checkpoint").read_bytes()
    typer.echo(anchors.anchor_document(signed).decode() if anchor else signed.decode(), nl=False)


def _vouch(config: Path) -> None:
    """Ask whom the configuration names, once. Ends the command where somebody did not vouch."""
    try:
        settings = load(config)
        if settings.audit.witnesses is None and settings.audit.tsa is None:
            fail("neither [audit.witnesses] nor [audit.tsa] is configured")
        problems = asyncio.run(_asked(settings))
    except ConfigError as error:
        fail(str(error))
    for part, why in problems.items():
        errors.print(f"{part}: {why}", markup=False, highlight=False)
    if problems:
        raise typer.Exit(NEGATIVE)


async def _asked(settings: Settings) -> Mapping[str, str]:
    async with posting() as post:
        vouching = Vouching(settings, post)
        await vouching.cosign()
        if settings.audit.tsa is not None:
            await vouching.stamp()
        return vouching.problems
