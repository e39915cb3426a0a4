"""`silkgate review …`: every command and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, Output, OutputOption

review_app = typer.Typer(
    help="Exports that a person must decide on. Your key stands in SILKGATE_KEY.",
    rich_markup_mode=None,
)

ReviewArgument = Annotated[str, typer.Argument(metavar="ID", help="As `review list` names it.")]
WhyOption = Annotated[
    str, typer.Option("--why", help="For the audit log, for good; it may name nobody.")
]


@review_app.command("list", epilog="Example: silkgate review list -c gateway.toml")
def review_list(
    config: ConfigOption = DEFAULT_CONFIG,
    output: OutputOption = Output.TABLE,
    everything: Annotated[bool, typer.Option("--all", help="Those that have left too.")] = False,
) -> None:
    """Show what waits for a person: exports under review and records in the quarantine."""
    from gateway.cli.review import show

    show(config, as_json=output is Output.JSON, everything=everything)


@review_app.command("approve", epilog="Example: silkgate review approve 5f0c… --why 'ticket 381'")
def review_approve(
    review: ReviewArgument,
    why: WhyOption,
    hours: Annotated[int, typer.Option(min=1, max=168, help="How long it holds.")] = 24,
    config: ConfigOption = DEFAULT_CONFIG,
    output: OutputOption = Output.TABLE,
) -> None:
    """Let the same request leave once. Policy may want a second person's approval."""
    from gateway.cli.review import say

    statement = {"why": why, "hours": hours}
    say(config, review, "approve", statement, as_json=output is Output.JSON)


@review_app.command("deny", epilog="Example: silkgate review deny 5f0c… --why 'no consent'")
def review_deny(
    review: ReviewArgument,
    why: WhyOption,
    config: ConfigOption = DEFAULT_CONFIG,
    output: OutputOption = Output.TABLE,
) -> None:
    """Say that it may not leave; this outweighs approvals."""
    from gateway.cli.review import say

    say(config, review, "deny", {"why": why}, as_json=output is Output.JSON)


@review_app.command("release", epilog="Example: silkgate review release 5f0c….2 -o out.ndjson")
def review_release(
    review: ReviewArgument,
    target: Annotated[Path, typer.Option("--out", "-o", help="A new file.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Take records out of the quarantine, treated as the policy wants it now."""
    from gateway.cli.review import release

    release(config, review, target)
