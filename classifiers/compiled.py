"""The compiled twin of hot loops, where it is built.

`SILKGATE_PURE=1` in the environment leaves everything to Python.
"""

from __future__ import annotations

import os
from typing import Any, Final

_VERSION: Final = 2  # of what its functions take and answer


def _compiled() -> Any:
    if os.environ.get("SILKGATE_PURE"):
        return None
    try:
        from classifiers import _scan  # noqa: PLC0415  not built on every machine
    except ImportError:
        return None
    return _scan if _scan.VERSION == _VERSION else None


SCAN: Final[Any] = _compiled()  # native/scan.c; None where there is none or it is not wanted
