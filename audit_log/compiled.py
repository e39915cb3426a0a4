"""The compiled twins (`native/entries.c`) of functions here, where they were built.

`SILKGATE_PURE=1` in the environment leaves them out. Results are the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final, TypeVar

_VERSION: Final = 6  # of the functions' forms
_Function = TypeVar("_Function", bound=Callable[..., Any])

PURE: Final[dict[str, Callable[..., Any]]] = {}
"""The functions in Python, by name."""


def _compiled() -> Any:
    """The extension, None where there is none or it is not wanted."""
    if os.environ.get("SILKGATE_PURE"):
        return None
    try:
        import hashlib  # noqa: F401, PLC0415  it loads the library whose SHA-256 is used

        from audit_log import _entries  # noqa: PLC0415  not built on every machine
    except ImportError:
        return None
    return _entries if _entries.VERSION == _VERSION else None


_EXTENSION: Final = _compiled()


def twin(pure: _Function) -> _Function:
    """The compiled function of this name; `pure` where there is none."""
    PURE[pure.__name__] = pure
    found: _Function = getattr(_EXTENSION, pure.__name__, pure)
    return found
