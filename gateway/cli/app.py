"""Every command and its options. The work stands in the modules beside; they are loaded on use."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="silkgate",
    help="A gateway through which a company's data leaves the country lawfully.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
policy_app = typer.Typer(help="Test, check, compare, simulate, sign and show policies.")
audit_app = typer.Typer(help="Verify, show, prove, replay and export the audit log.")
ledger_app = typer.Typer(help="Persons counted this year.")
keys_app = typer.Typer(help="List and rotate keys.")
app.add_typer(policy_app, name="policy", no_args_is_help=True)
app.add_typer(audit_app, name="audit", no_args_is_help=True)


class Output(StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"


class ClassifyOutput(StrEnum):
    """How findings are printed."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"


ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration file.", show_default=True)
]
OutputOption = Annotated[Output, typer.Option("--output", "-o", help="How to print the result.")]
LogOption = Annotated[
    Path | None, typer.Option("--log", help="The audit log's folder, instead of a configuration.")
]
DEFAULT_CONFIG = Path("gateway.toml")


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
def serve(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Run the gateway until it is told to stop."""
    from gateway.cli.serve import run

    run(config)


@app.command(epilog="Example: silkgate check -c gateway.toml -o json")
def check(config: ConfigOption = DEFAULT_CONFIG, output: OutputOption = Output.TABLE) -> None:
    """Validate configuration, policies, keys, ledger and log; say what is wrong and where."""
    from gateway.cli.check import run

    run(config, as_json=output is Output.JSON)


@app.command(epilog="Example: silkgate scan orders.ndjson --to SG --purpose order_fulfilment")
def scan(
    files: Annotated[list[Path], typer.Argument(help="JSON, NDJSON or text files.")],
    to: Annotated[str, typer.Option("--to", help="Destination, ISO 3166-1 alpha-2.")],
    purpose: Annotated[str, typer.Option(help="What the recipient does with it.")] = (
        "order_fulfilment"
    ),
    output: OutputOption = Output.TABLE,
) -> None:
    """Show what would leave, field by field, and what the destination's policy says. No gateway."""
    from gateway.cli.scan import run

    run(files, to, purpose, as_json=output is Output.JSON)


@app.command(epilog="Example: silkgate classify orders.ndjson -o ndjson")
def classify(
    file: Annotated[str, typer.Argument(help="A file, or - for standard input.")] = "-",
    format_: Annotated[
        str, typer.Option("--format", help="auto, json, ndjson or text.", metavar="FORMAT")
    ] = "auto",
    output: Annotated[
        ClassifyOutput, typer.Option("--output", "-o", help="How to print the findings.")
    ] = ClassifyOutput.TABLE,
) -> None:
    """Show which categories of data a file holds, and where."""
    from gateway.cli.classify import run

    run(file, format_, output.value)


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

    run(question, bundle, overlay, explain=explain)


@audit_app.command("verify", epilog="Example: silkgate audit verify -c gateway.toml -o json")
def audit_verify(
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Verify that the log is complete and unaltered. Exit 1 where it is not."""
    from gateway.cli.audit import verify

    verify(config, log, as_json=output is Output.JSON)


@audit_app.command("show", epilog="Example: silkgate audit show --route sg-fulfilment --last 20")
def audit_show(
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
    kind: Annotated[str | None, typer.Option(help="Only entries of this kind.")] = None,
    route: Annotated[str | None, typer.Option(help="Only exports on this route.")] = None,
    decision: Annotated[str | None, typer.Option(help="Only this decision id.")] = None,
    last: Annotated[int, typer.Option(help="How many, counted from the end.")] = 50,
    output: OutputOption = Output.TABLE,
) -> None:
    """List entries."""
    from gateway.cli.audit import show

    wanted = {"kind": kind, "route": route, "decision_id": decision}
    show(config, log, wanted, last, as_json=output is Output.JSON)


@audit_app.command("replay", epilog="Example: silkgate audit replay -c gateway.toml")
def audit_replay(
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
    decision: Annotated[
        str | None, typer.Option(help="Only this decision id; all shapes by default.")
    ] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Decide again from the log alone and compare. Exit 1 where a decision differs."""
    from gateway.cli.audit import replay

    replay(config, log, decision, as_json=output is Output.JSON)
