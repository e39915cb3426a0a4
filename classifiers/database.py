"""The compiled Hyperscan database, kept on disk by the hash of what went into it.

Compiling hundreds of patterns takes seconds, loading milliseconds. A cache file that is damaged,
of another machine or of another version is ignored and written anew; the cache never decides
what is found.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import hyperscan

from classifiers.expression import Expression

_DIGEST_BYTES: Final = 32


def load(expressions: Sequence[Expression], cache_dir: Path | None) -> Any:
    """The database for `expressions`, their ids being their positions.

    Raises `ValueError` naming the expression that Hyperscan cannot compile.
    """
    if cache_dir is None:
        return _compile(expressions)
    path = cache_dir / f"{_key(expressions)}.hsdb"
    database = _read(path)
    if database is None:
        database = _compile(expressions)
        _write(path, hyperscan.dumpb(database))
    return database


def _compile(expressions: Sequence[Expression]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(
            expressions=[item.source for item in expressions],
            ids=list(range(len(expressions))),
            flags=[item.flags for item in expressions],
        )
    except hyperscan.error as error:
        raise ValueError(f"Hyperscan cannot compile the patterns: {error}") from error
    return database


def _key(expressions: Sequence[Expression]) -> str:
    """Content hash over the expressions, the library and the machine."""
    parts = [
        version("hyperscan"),
        platform.machine(),
        [(item.source.hex(), item.flags) for item in expressions],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _read(path: Path) -> Any | None:
    """The database in `path`, None if it is not there, damaged or for another processor."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, body = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != digest:
        return None
    try:
        return hyperscan.loadb(body, hyperscan.HS_MODE_BLOCK)
    except hyperscan.error:
        return None


def _write(path: Path, body: bytes) -> None:
    """Write whole or not at all; a folder that cannot be written costs time, nothing else."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).digest() + body)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
