"""`silkgate audit …`: every command and its options."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, LogOption, Output, OutputOption

audit_app = typer.Typer(
    help="Verify, show, prove, replay and export the audit log.", rich_markup_mode=None
)

PolicyOption = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        help="Witness policy file (C2SP tlog-policy); its quorum is demanded.",
    ),
]


class ExportForm(StrEnum):
    """Views that may stand beside the entries in an export."""

    NDJSON = "ndjson"
    PARQUET = "parquet"
    OPA = "opa"


class ShowOutput(StrEnum):
    """How entries are printed."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    PARQUET = "parquet"


@audit_app.command("verify", epilog="Example: silkgate audit verify -c gateway.toml -o json")
def verify(
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
    vkey: Annotated[
        str | None,
        typer.Option(
            "--vkey", help="The log's verifier key as you know it; else the one in its folder."
        ),
    ] = None,
    policy: PolicyOption = None,
    tsa_roots: Annotated[
        Path | None,
        typer.Option(
            "--tsa-roots",
            help="Certificates (PEM) that time stamps must hold by; else as configured.",
        ),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option("--resume", help="Go on from the pass noted in this file, and note this one."),
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes that read; by default one for each processor.")
    ] = os.cpu_count() or 1,
    output: OutputOption = Output.TABLE,
) -> None:
    """Verify that the log is complete and unaltered. Exit 1 where it is not."""
    from gateway.cli.audit import Demands
    from gateway.cli.audit import verify as run

    run(
        config,
        log,
        Demands(vkey, policy, tsa_roots, resume, workers),
        as_json=output is Output.JSON,
    )


@audit_app.command("show", epilog="Example: silkgate audit show --route sg-fulfilment --last 20")
def show(
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
    kind: Annotated[str | None, typer.Option(help="Only entries of this kind.")] = None,
    route: Annotated[str | None, typer.Option(help="Only exports on this route.")] = None,
    destination: Annotated[str | None, typer.Option(help="Only exports to this country.")] = None,
    category: Annotated[
        str | None, typer.Option(help="Only exports in which this category was treated.")
    ] = None,
    outcome: Annotated[str | None, typer.Option(help="allow, review, deny, delivered, …")] = None,
    decision: Annotated[str | None, typer.Option(help="Only this decision id.")] = None,
    since: Annotated[str | None, typer.Option(help="From this time on (ISO 8601, UTC).")] = None,
    until: Annotated[str | None, typer.Option(help="Before this time (ISO 8601, UTC).")] = None,
    last: Annotated[
        int | None,
        typer.Option(help="How many, counted from the end; 50, in Parquet all, by default."),
    ] = None,
    output: Annotated[
        ShowOutput, typer.Option("--output", "-o", help="How to print the entries.")
    ] = ShowOutput.TABLE,
    to: Annotated[
        Path | None, typer.Option("--to", help="The file to write, with -o parquet.")
    ] = None,
) -> None:
    """List entries, or write them to a file with columns to query."""
    from gateway.cli.audit import selection
    from gateway.cli.audit import show as run

    wanted = selection(
        since, until, kind=kind, route=route, destination=destination, category=category,
        outcome=outcome, decision_id=decision,
    )  # fmt: skip
    run(config, log, wanted, last, output.value, to)


@audit_app.command("replay", epilog="Example: silkgate audit replay -c gateway.toml --sample 100")
def replay(
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
    decision: Annotated[
        str | None, typer.Option(help="Only this decision id; all shapes by default.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option(help="Only so many shapes, spread evenly over the log.")
    ] = None,
    original: Annotated[
        Path | None,
        typer.Option(
            "--original",
            help="The body that --decision was about, or a folder of bodies: classify and treat"
            " again (level 2).",
        ),
    ] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Decide again from the log alone and compare. Exit 1 where a decision differs."""
    if original is not None:
        from gateway.cli.audit_original import replay as run_original

        run_original(config, decision, original, sample, as_json=output is Output.JSON)
        return
    from gateway.cli.audit import replay as run

    run(config, log, decision, sample, as_json=output is Output.JSON)


@audit_app.command("erase", epilog="Example: silkgate audit erase 2ad682… --reason ticket-17")
def erase(
    decisions: Annotated[list[str], typer.Argument(help="Decision ids.")],
    reason: Annotated[str, typer.Option(help="A reference, never a value; it stands in the log.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Erase the salts of exports' commitments: nobody can test bodies against them any more."""
    from gateway.cli.audit_erase import erase as run

    run(config, decisions, reason)


@audit_app.command("expire", epilog="Example: silkgate audit expire --keep-days 1830")
def expire(
    config: ConfigOption = DEFAULT_CONFIG,
    keep_days: Annotated[
        int, typer.Option(help="Keep entries so long; at least three years.")
    ] = 1830,
) -> None:
    """Drop whole segments of entries that are old enough; hashes, tiles and proofs stay."""
    from gateway.cli.audit_erase import expire as run

    run(config, keep_days)


@audit_app.command("fsck", epilog="Example: silkgate audit fsck --mend -c gateway.toml")
def fsck(
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
    mend: Annotated[bool, typer.Option("--mend", help="Write what is not right anew.")] = False,
) -> None:
    """Derive tiles and columns from the entries again. The log must not be open."""
    from gateway.cli.audit_evidence import fsck as run

    run(config, log, mend=mend)


@audit_app.command("prove", epilog="Example: silkgate audit prove 42 --to entry-42.tlog-proof")
def prove(
    index: Annotated[int, typer.Argument(help="The entry's index (the Silkgate-Entry header).")],
    to: Annotated[Path, typer.Option("--to", help="Where to write the proof.")],
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
) -> None:
    """Write an offline proof that an entry is in the log (C2SP tlog-proof), and the entry."""
    from gateway.cli.audit_evidence import prove as run

    run(config, log, index, to)


@audit_app.command("export", epilog="Example: silkgate audit export --to evidence --as parquet")
def export(
    to: Annotated[Path, typer.Option("--to", help="A new folder.")],
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
    start: Annotated[int, typer.Option(help="First entry.")] = 0,
    end: Annotated[int | None, typer.Option(help="One past the last entry.")] = None,
    form: Annotated[
        ExportForm, typer.Option("--as", help="A further view beside the proven entries.")
    ] = ExportForm.NDJSON,
) -> None:
    """Write a range of entries, its proof, and a verifier that needs nothing of ours."""
    from gateway.cli.audit_evidence import export as run

    run(config, log, to, start, end, form.value)


@audit_app.command("checkpoint", epilog="Example: silkgate audit checkpoint --anchor")
def checkpoint(
    config: ConfigOption = DEFAULT_CONFIG,
    log: LogOption = None,
    anchor: Annotated[
        bool, typer.Option("--anchor", help="Print digests for a judicial chain (SHA-256, SM3).")
    ] = False,
    vouch: Annotated[
        bool,
        typer.Option(
            "--vouch", help="First ask the configured witnesses and time-stamping authority."
        ),
    ] = False,
) -> None:
    """Print the newest signed checkpoint, or what to deposit of it."""
    from gateway.cli.audit_evidence import checkpoint as run

    run(config, log, anchor=anchor, vouch=vouch)


@audit_app.command(
    "witness",
    epilog="Example: silkgate audit witness --name witness.example --log-key log.vkey",
)
def witness(
    name: Annotated[str, typer.Option(help="The witness's name in its cosignatures.")],
    log_key: Annotated[
        list[Path], typer.Option("--log-key", help="A file with a log's verifier key.")
    ],
    directory: Annotated[
        Path, typer.Option("--state", help="Folder of the witness's key and state.")
    ] = Path("witness"),
    listen: Annotated[str, typer.Option(help="host:port.")] = "127.0.0.1:8090",
) -> None:
    """Serve the C2SP witness protocol: cosign checkpoints that extend what was cosigned before."""
    from gateway.cli.witness import run

    run(name, log_key, directory, listen)
