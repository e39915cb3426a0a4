"""The compiled walk, built from native/walk.c."""

from typing import Any

VERSION: int

def walk(
    body: bytes,
    prefix: str,
    items: str | None,
    shared: int,
    lines: bool,
    max_places: int,
    max_pointer: int,
    /,
) -> tuple[list[tuple[Any, ...]], int] | None:
    """Columns and records of a JSON text, or of one a line; None where it is declined."""
