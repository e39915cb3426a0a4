"""Pointers that may leave memory: a key that is itself data becomes `*`.

A key is data when it holds a finding, or when it is one of more than `MAX_OPEN_SIBLINGS` keys of
its object and the route's data contract does not name it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final

from classifiers.model import KEY_PREFIX, MAX_OPEN_SIBLINGS, CellKind, Column, Finding

HIDDEN: Final = "*"
_NONE: Final[frozenset[str]] = frozenset()


def safe_pointers(
    columns: Sequence[Column], findings: Iterable[Finding], declared: Collection[str]
) -> list[str]:
    """One pointer per column with the keys that hold data replaced by `*`."""
    keys = {index for index, column in enumerate(columns) if column.kind is CellKind.KEY}
    secret = {
        _escape(columns[finding.column].values[finding.value])
        for finding in findings
        if finding.column in keys
    }
    most = len(columns) + sum([len(columns[index].values) for index in keys])
    crowded = _crowded(columns) if most > MAX_OPEN_SIBLINGS else _NONE
    if not secret and not crowded:
        return [column.pointer for column in columns]
    open_paths = {path for pointer in declared for path, _ in _steps(pointer)}
    return [_safe(column.pointer, secret, crowded, open_paths) for column in columns]


def _safe(
    pointer: str, secret: Collection[str], crowded: Collection[str], open_paths: Collection[str]
) -> str:
    place = KEY_PREFIX if pointer.startswith(KEY_PREFIX) else ""
    safe = place
    parent = ""
    for path, key in _steps(pointer.removeprefix(KEY_PREFIX)):
        hidden = key in secret or (parent in crowded and path not in open_paths)
        slash = "/" if path.removeprefix(parent).startswith("/") else ""
        safe += slash + (HIDDEN if hidden else key)
        parent = path
    return safe


@lru_cache(maxsize=4096)
def _steps(pointer: str) -> tuple[tuple[str, str], ...]:
    """(path down to and with the key, key) for each key of a pointer, outermost first.

    The place of a pointer outside the body (`query:`) belongs to no key.
    """
    place, colon, rest = pointer.partition(":")
    if colon and "/" not in place:
        path = place + colon
        steps = [(path, path)]
    else:
        path, rest = "", pointer
        steps = []
    for number, key in enumerate(rest.split("/")):
        if number == 0 and key == "":
            continue
        path += key if number == 0 else f"/{key}"
        steps.append((path, key))
    return tuple(steps)


def _crowded(columns: Sequence[Column]) -> set[str]:
    """Objects with too many keys for each of them to be a field's name."""
    keys: dict[str, set[str]] = {}
    for column in columns:
        if column.kind is CellKind.KEY:
            parent = column.pointer.removeprefix(KEY_PREFIX)
            keys.setdefault(parent, set()).update(map(_escape, column.values))
            continue
        parent = ""
        for path, key in _steps(column.pointer):
            if key != HIDDEN:
                keys.setdefault(parent, set()).add(key)
            parent = path
    return {parent for parent, siblings in keys.items() if len(siblings) > MAX_OPEN_SIBLINGS}


def _escape(key: str) -> str:
    """RFC 6901 escapes, and `~2` for a key that is literally `*`."""
    escaped = key.replace("~", "~0").replace("/", "~1")
    return "~2" if escaped == HIDDEN else escaped
