"""Every command and its options. The work stands in the modules beside; they are loaded on use."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.audit_app import audit_app
from gateway.cli.options import (
    DEFAULT_CONFIG,
    ConfigOption,
    ContractOption,
    DetectorsOption,
    Output,
    OutputOption,
    WorkersOption,
)
from gateway.cli.policy_app import policy_app
from gateway.cli.review_app import review_app
from gateway.cli.state_apps import keys_app, ledger_app

app = typer.Typer(
    name="silkgate",
    help="A gateway through which a company's data leaves the country lawfully.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(policy_app, name="policy", no_args_is_help=True)
app.add_typer(audit_app, name="audit", no_args_is_help=True)
app.add_typer(review_app, name="review", no_args_is_help=True)
app.add_typer(ledger_app, name="ledger", no_args_is_help=True)
app.add_typer(keys_app, name="keys", no_args_is_help=True)


class ClassifyOutput(StrEnum):
    """How findings are printed."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"


@app.command(epilog="Example: silkgate demo")
def demo(
    records: Annotated[int, typer.Option(help="Records of each sample file to send.")] = 20,
) -> None:
    """Send sample exports through a gateway to a sink, show what leaves, verify the log."""
    from gateway.cli.demo import run

    run(records)


@app.command(epilog="Example: silkgate init /etc/silkgate")
def init(
    directory: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> None:
    """Make a configuration with an example route, keys, an empty log and ledger."""
    from gateway.cli.init import run

    run(directory)


@app.command(epilog="Example: silkgate serve -c gateway.toml")
def serve(config: ConfigOption = DEFAULT_CONFIG, workers: WorkersOption = 1) -> None:
    """Run the gateway until it is told to stop."""
    from gateway.cli.serve import run

    run(config, workers)


@app.command(epilog="Example: silkgate check -c gateway.toml -o json")
def check(config: ConfigOption = DEFAULT_CONFIG, output: OutputOption = Output.TABLE) -> None:
    """Validate configuration, policies, keys, ledger and log; say what is wrong and where."""
    from gateway.cli.check import run

    run(config, as_json=output is Output.JSON)


@app.command(
    epilog="Example: silkgate export orders.ndjson -o out.ndjson -c gateway.toml --route sg"
)
def export(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A file, or a folder of files.")],
    target: Annotated[Path, typer.Option("--out", "-o", help="The new file or folder.")],
    route: Annotated[str, typer.Option("--route", help="On which route's terms.")],
    config: ConfigOption = DEFAULT_CONFIG,
    workers: WorkersOption = 1,
    summary: Annotated[Output, typer.Option(help="How to print the result.")] = Output.TABLE,
) -> None:
    """Export files like requests: same pipeline and log. Run it again to go on after a crash."""
    from gateway.cli.export import run

    run(source, target, config, route, workers=workers, as_json=summary is Output.JSON)


@app.command(
    epilog="Example: silkgate restore back.ndjson -o opened.ndjson --route sg --reason claim-7"
)
def restore(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A file the recipient sent back.")],
    target: Annotated[Path, typer.Option("--out", "-o", help="The new file.")],
    route: Annotated[str, typer.Option("--route", help="On which route it had left.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the log.")],
    config: ConfigOption = DEFAULT_CONFIG,
    summary: Annotated[Output, typer.Option(help="How to print the result.")] = Output.TABLE,
) -> None:
    """Open sealed tokens in a file, for accounts named in [restore]; each time an entry."""
    from gateway.cli.restore import run

    run(source, target, config, route, reason, as_json=summary is Output.JSON)


@app.command(epilog="Example: silkgate scan orders.ndjson --to SG --purpose order_fulfilment")
def scan(
    places: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…",
            help="Files, folders, SQLite files or postgresql:// URLs.",
        ),
    ],
    to: Annotated[str, typer.Option("--to", help="Destination, ISO 3166-1 alpha-2.")],
    purpose: Annotated[str, typer.Option(help="What the recipient does with it.")] = (
        "order_fulfilment"
    ),
    sample: Annotated[
        int, typer.Option(min=1, help="The most records to look at in each table.")
    ] = 10_000,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a report to this file as well.")
    ] = None,
    utility: Annotated[
        bool, typer.Option("--utility", help="Also tell what treated fields are still good for.")
    ] = False,
    config: DetectorsOption = None,
    route: ContractOption = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Show what would leave, field by field, and what the destination's policy says. No gateway."""
    from gateway.cli.scan import run

    as_json = output is Output.JSON
    run(
        places, to, purpose, limit=sample, page=html, utility=utility, as_json=as_json,
        config=config,
        route=route,
    )  # fmt: skip


@app.command(epilog="Example: silkgate classify orders.ndjson -o ndjson")
def classify(
    file: Annotated[str, typer.Argument(help="A file, or - for standard input.")] = "-",
    format_: Annotated[
        str,
        typer.Option(
            "--format", help="auto, or json, csv, xlsx, … (see any wrong one).", metavar="FORMAT"
        ),
    ] = "auto",
    output: Annotated[
        ClassifyOutput, typer.Option("--output", "-o", help="How to print the findings.")
    ] = ClassifyOutput.TABLE,
    config: DetectorsOption = None,
    route: ContractOption = "",
) -> None:
    """Show which categories of data a file holds, and where."""
    from gateway.cli.classify import run

    run(file, format_, output.value, config, route)


@app.command(epilog="Example: silkgate decide question.json --explain")
def decide(
    question: Annotated[str, typer.Argument(help="A policy input as JSON, or - .")],
    bundle: Annotated[
        str, typer.Option("--bundle", help="A bundle folder; the shipped one by default.")
    ] = "builtin",
    overlay: Annotated[
        Path | None, typer.Option("--overlay", help="The company's own policies.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print the reasons in words.")] = False,
) -> None:
    """Decide on a policy input. Exit 0: allowed, 1: denied or under review, 3: no decision."""
    from gateway.cli.decide import run

    run(question, bundle, overlay, with_reasons=explain)
