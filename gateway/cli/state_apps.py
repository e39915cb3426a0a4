"""`silkgate ledger …` and `silkgate keys …`: every command and its options."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, Output, OutputOption

ledger_app = typer.Typer(help="Persons counted this year.", rich_markup_mode=None)
keys_app = typer.Typer(help="List, rotate and retire keys.", rich_markup_mode=None)

PurposeArgument = Annotated[str, typer.Argument(help="Which key, as `keys list` names it.")]


@ledger_app.command("create", epilog="Example: silkgate ledger create -c gateway.toml")
def ledger_create(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Start the ledger that `[ledger].url` names, once for all its gateways; never over another."""
    from gateway.cli.ledger import create

    create(config)


@ledger_app.command("show", epilog="Example: silkgate ledger show -c gateway.toml")
def ledger_show(config: ConfigOption = DEFAULT_CONFIG, output: OutputOption = Output.TABLE) -> None:
    """Show this year's counts beside the thresholds. Works while a gateway runs."""
    from gateway.cli.ledger import show

    show(config, as_json=output is Output.JSON)


@ledger_app.command("rebuild", epilog="Example: silkgate ledger rebuild -c gateway.toml")
def ledger_rebuild(
    config: ConfigOption = DEFAULT_CONFIG,
    from_log: Annotated[
        bool,
        typer.Option(
            "--from-log",
            help="The journal is lost: print the opening balance that the audit log knows of.",
        ),
    ] = False,
) -> None:
    """Make the index anew from the journal (exact), or total up the audit log."""
    from gateway.cli.ledger import rebuild

    rebuild(config, from_log=from_log)


@keys_app.command("list", epilog="Example: silkgate keys list -c gateway.toml")
def keys_list(config: ConfigOption = DEFAULT_CONFIG, output: OutputOption = Output.TABLE) -> None:
    """List every key and version, without the keys."""
    from gateway.cli.keys import show

    show(config, as_json=output is Output.JSON)


@keys_app.command("rotate", epilog="Example: silkgate keys rotate encrypt -c gateway.toml")
def keys_rotate(purpose: PurposeArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Put a new version in force; older ones go on reading what they made."""
    from gateway.cli.keys import rotate

    rotate(config, purpose)


@keys_app.command("retire", epilog="Example: silkgate keys retire encrypt 1 -c gateway.toml")
def keys_retire(
    purpose: PurposeArgument,
    version: Annotated[int, typer.Argument(help="An old version.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Erase an old version for good: what it made can no longer be read."""
    from gateway.cli.keys import retire

    retire(config, purpose, version)
