"""`silkgate decide`: one policy input, one decision."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import typer

from gateway.cli.terminal import BAD_USE, CANNOT_DECIDE, NEGATIVE, console, fail
from policies.bundle import load
from policies.embedded import EmbeddedEngine
from policies.errors import BundleError
from policies.explain import Explanation, explain
from policies.model import Outcome, PolicyUnavailable, decode_input, encode


def run(source: str, bundle: str, overlay: Path | None, *, with_reasons: bool) -> None:
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
        loaded = load(bundle, overlay)
        engine = EmbeddedEngine(loaded)
        if with_reasons:
            explanation = explain(loaded, engine.decide_sync, question)
            _print_explanation(explanation)
            decision = explanation.decision
        else:
            decision = engine.decide_sync(question)
            typer.echo(encode(decision).decode())
    except BundleError as error:
        fail(str(error), BAD_USE)
    except PolicyUnavailable as error:
        fail(str(error), CANNOT_DECIDE)
    if decision.outcome is not Outcome.ALLOW:
        raise typer.Exit(NEGATIVE)


def _print_explanation(explanation: Explanation) -> None:
    decision = explanation.decision
    colour = {"allow": "green", "review": "yellow", "deny": "red"}[decision.outcome]
    mechanism = decision.mechanism or "none"
    console.print(f"[bold {colour}]{decision.outcome}[/]  mechanism: {mechanism}")
    said = {reason.code: reason for reason in decision.reasons}
    for ground in explanation.grounds:
        reason = said[ground.code]
        console.print(f"  [bold]{ground.code}[/]  {reason.citation}", highlight=False)
        console.print(f"    {reason.en}\n    {reason.zh}", highlight=False)
        if ground.rule:
            console.print(f"    rule: {ground.title} ({ground.rule})", highlight=False)
        console.print("    facts:", highlight=False)
        for name, value in _facts(ground.facts):
            console.print(f"      {name} = {value}", markup=False, highlight=False)
    for way in explanation.ways:
        facts = " and ".join(f"{path}: {says}" for path, says in way.facts.items())
        console.print(f"  would be {way.outcome} with {facts}", markup=False, highlight=False)
    for treatment in decision.treatments:
        held = "  (records with it are held)" if treatment.hold else ""
        console.print(
            f"  {treatment.treatment:<14} {treatment.category:<22} {treatment.pointer}{held}"
        )
    if decision.obligations:
        console.print("obligations: " + ", ".join(decision.obligations))
    if decision.needs:
        console.print("needs: " + ", ".join(decision.needs))


def _facts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each fact by its dotted name, as a person writes it."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _facts(item, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        yield name, ", ".join(map(str, value)) or "none"
    else:
        said = str(value).lower() if isinstance(value, bool) else str(value)
        yield name, "none" if value in (None, {}, "") else said
