"""The compiled Hyperscan database, kept on disk by the hash of what went into it.

Compiling hundreds of patterns takes seconds, loading milliseconds. A cache file that is damaged,
of another machine or of another version is ignored and written anew; the cache never decides
what is found.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import hyperscan

from classifiers import kept
from classifiers.expression import Expression


def load(
    expressions: Sequence[Expression], cache_dir: Path | None, *, most: int | None = None
) -> list[Any]:
    """Databases for `expressions`, at most `most` in each, the ids being their positions.

    Few expressions in each compile sooner, few databases scan faster. Raises `ValueError` when
    Hyperscan cannot compile one.
    """
    size = most or len(expressions)
    order = sorted(range(len(expressions)), key=lambda index: expressions[index].source)
    parts = [order[start : start + size] for start in range(0, len(order), size or 1)]
    return [_one({index: expressions[index] for index in part}, cache_dir) for part in parts]


def _one(expressions: Mapping[int, Expression], cache_dir: Path | None) -> Any:
    if cache_dir is None:
        return _compile(expressions)
    path = cache_dir / f"{_key(expressions)}.hsdb"
    database = _read(path)
    if database is None:
        database = _compile(expressions)
        kept.write(path, hyperscan.dumpb(database))
    return database


def _compile(expressions: Mapping[int, Expression]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(
            expressions=[item.source for item in expressions.values()],
            ids=list(expressions),
            flags=[item.flags for item in expressions.values()],
        )
    except hyperscan.error as error:
        raise ValueError(f"Hyperscan cannot compile the patterns: {error}") from error
    return database


def _key(expressions: Mapping[int, Expression]) -> str:
    """Content hash over the expressions, the library and the machine."""
    parts = [
        version("hyperscan"),
        platform.machine(),
        [(index, item.source.hex(), item.flags) for index, item in expressions.items()],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _read(path: Path) -> Any | None:
    """The database in `path`, None if it is not there, damaged or for another processor."""
    body = kept.read(path)
    if body is None:
        return None
    try:
        return hyperscan.loadb(body, hyperscan.HS_MODE_BLOCK)
    except hyperscan.error:
        return None
