"""How Python's cyclic garbage collector runs in a process that exports.

A decoded body is a tree of many small objects without a cycle: it dies by reference counts. With
the default thresholds the collector walks it again and again while it lives.
"""

from __future__ import annotations

import gc
from typing import Final

_THRESHOLDS: Final = (50_000, 20, 50)  # new objects, then collections of the younger generation


def collect_rarely() -> None:
    """Leave what is loaded by now out of every collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
