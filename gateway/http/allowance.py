"""How much of the gateway one caller may take: a rate, requests at once, values turned back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from gateway.credentials import CallerLimits
from gateway.errors import TooManyRequests

_WHOLE: Final = 1 - 1e-9  # a request, or a value; what is missing is what rounding took


class Allowance:
    """Token buckets and a count of what is under way. `clock` gives monotonic seconds."""

    def __init__(self, limits: CallerLimits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._clock = clock
        self._left = float(limits.burst)
        self._at = clock()
        self._under_way = 0
        self._restorable = float(limits.restored_per_hour)
        self._restored_at = self._at

    @contextmanager
    def request(self) -> Iterator[None]:
        """One request. Raises `TooManyRequests` instead where the allowance is used up."""
        most = self.limits.concurrent
        if most is not None and self._under_way >= most:
            raise TooManyRequests(f"up to {most} requests of this caller may be under way", 1)
        self._take()
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    def _take(self) -> None:
        rate = self.limits.requests_per_minute
        if rate is None:
            return
        now = self._clock()
        earned = (now - self._at) * rate / 60
        self._left, self._at = min(self._left + earned, float(self.limits.burst)), now
        if self._left < _WHOLE:
            wait = math.ceil((1 - self._left) * 60 / rate)
            raise TooManyRequests(f"this caller may send {rate} requests a minute", wait)
        self._left -= 1

    def restore(self) -> bool:
        """Whether one more value may be turned back in an answer."""
        most = self.limits.restored_per_hour
        now = self._clock()
        earned = (now - self._restored_at) * most / 3600
        self._restorable, self._restored_at = min(self._restorable + earned, float(most)), now
        if self._restorable < _WHOLE:
            return False
        self._restorable -= 1
        return True
