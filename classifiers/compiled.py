"""The compiled twins of hot loops, where they are built: a package's extension by name.

`SILKGATE_PURE=1` in the environment leaves everything to Python.
"""

from __future__ import annotations

import importlib
import os
from typing import Any, Final


def extension(name: str, version: int) -> Any:
    """The compiled module, None where there is none, or of another version, or none is wanted.

    `version`: of what its functions take and answer.
    """
    if os.environ.get("SILKGATE_PURE"):
        return None
    try:
        found: Any = importlib.import_module(name)
    except ImportError:  # not built on every machine
        return None
    return found if version == found.VERSION else None


SCAN: Final[Any] = extension("classifiers._scan", 2)  # native/scan.c
