"""What the C library keeps of memory that was let go; nothing is done where it is not glibc."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

_ARENA_MAX: Final = -8  # M_ARENA_MAX of <malloc.h>
_ARENAS: Final = 2  # Python's threads take turns; else each of them would keep a heap of its own


def few_arenas() -> None:
    """Let threads share two heaps. To be called before there are any."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Return free pages to the system, as after a model was read: unpacking takes as much again."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
