"""Seals finished segments in the background, once a checkpoint covers them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from audit_log import segments
from audit_log.segments import Segment


class Sealer:
    """One thread. Segments left unsealed by an earlier run come first."""

    def __init__(self, directory: Path, *, failed: Callable[[BaseException], None]) -> None:
        self._waiting: deque[tuple[Segment, int]] = deque(segments.unsealed(directory))
        self._failed = failed
        self._signed = 0
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="audit-sealer", daemon=True)

    def start(self) -> None:
        """Begin sealing."""
        self._thread.start()

    def finished(self, segment: Segment, end: int) -> None:
        """Take a segment of frames that ends before entry `end` and gets no more entries."""
        with self._changed:
            self._waiting.append((segment, end))
            self._changed.notify()

    def signed(self, size: int) -> None:
        """Hear that a checkpoint of `size` entries is published."""
        with self._changed:
            self._signed = size
            self._changed.notify()

    def close(self) -> None:
        """Stop after the segment under way; the rest is sealed in the next run."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            while segment := self._next():
                segments.seal(segment)
        except BaseException as error:  # a segment that cannot be sealed may be damaged
            self._failed(error)

    def _next(self) -> Segment | None:
        with self._changed:
            while not self._closing:
                if self._waiting and self._waiting[0][1] <= self._signed:
                    return self._waiting.popleft()[0]
                self._changed.wait()
            return None
