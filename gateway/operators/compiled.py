"""The compiled twins (`native/keyed.c`) of functions here, where they were built.

Results are the same.
"""

from __future__ import annotations

import hashlib  # noqa: F401  it loads the library whose SHA-256 is used
from collections.abc import Callable
from typing import Any, Final, TypeVar

from classifiers.compiled import extension

_Function = TypeVar("_Function", bound=Callable[..., Any])

PURE: Final[dict[str, Callable[..., Any]]] = {}
"""The functions in Python, by name."""

EXTENSION: Final[Any] = extension("gateway.operators._keyed", 1)


def twin(pure: _Function) -> _Function:
    """The compiled function of this name; `pure` where there is none."""
    PURE[pure.__name__] = pure
    found: _Function = getattr(EXTENSION, pure.__name__, pure)
    return found
