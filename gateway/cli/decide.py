"""`silkgate decide`: one policy input, one decision."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import typer

from gateway.cli.terminal import BAD_USE, CANNOT_DECIDE, NEGATIVE, console, fail
from policies.bundle import load
from policies.embedded import EmbeddedEngine
from policies.errors import BundleError
from policies.model import Decision, Outcome, PolicyUnavailable, decode_input, encode


def run(source: str, bundle: str, overlay: Path | None, *, explain: bool) -> None:
    """Decide on the policy input in the file `source`, or on standard input for `-`."""
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        fail(f"{source} cannot be read: {error.strerror}")
    try:
        question = decode_input(data)
    except msgspec.DecodeError as error:
        fail(f"{source} is not a policy input: {error}")
    try:
        engine = EmbeddedEngine(load(bundle, overlay))
        decision = engine.decide_sync(question)
    except BundleError as error:
        fail(str(error), BAD_USE)
    except PolicyUnavailable as error:
        fail(str(error), CANNOT_DECIDE)
    if explain:
        _explain(decision)
    else:
        typer.echo(encode(decision).decode())
    if decision.outcome is not Outcome.ALLOW:
        raise typer.Exit(NEGATIVE)


def _explain(decision: Decision) -> None:
    colour = {"allow": "green", "review": "yellow", "deny": "red"}[decision.outcome]
    console.print(
        f"[bold {colour}]{decision.outcome}[/]  mechanism: {decision.mechanism or 'none'}"
    )
    for reason in decision.reasons:
        console.print(f"  [bold]{reason.code}[/]  {reason.citation}")
        console.print(f"    {reason.en}\n    {reason.zh}", highlight=False)
    for treatment in decision.treatments:
        held = "  (records with it are held)" if treatment.hold else ""
        console.print(
            f"  {treatment.treatment:<14} {treatment.category:<22} {treatment.pointer}{held}"
        )
    if decision.obligations:
        console.print("obligations: " + ", ".join(decision.obligations))
    if decision.needs:
        console.print("needs: " + ", ".join(decision.needs))
