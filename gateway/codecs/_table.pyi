"""The compiled reader of tables, built from native/table.c."""

from typing import Any

VERSION: int

def table(
    body: bytes, begin: int, delimiter: int, header: bool, most: int, /
) -> tuple[list[tuple[Any, ...]] | None, list[tuple[Any, ...]]] | None:
    """The first row's columns and the other rows' of a table; None where it is declined."""
