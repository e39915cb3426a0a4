"""What all commands share: printing, and the exit codes people script against."""

from __future__ import annotations

from typing import Any, Final, NoReturn

import msgspec
import typer
from rich.console import Console

NEGATIVE: Final = 1  # denied, tampered, incomplete
BAD_USE: Final = 2
CANNOT_DECIDE: Final = 3

console: Final = Console()
errors: Final = Console(stderr=True)


def print_json(value: Any) -> None:
    """Write `value` as one indented JSON document to standard output."""
    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def fail(message: str, code: int = BAD_USE) -> NoReturn:
    """Say what is wrong on standard error and exit."""
    errors.print(f"silkgate: {message}", style="red", markup=False, highlight=False)
    raise typer.Exit(code)
