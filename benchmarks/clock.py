"""Processor time: what one core has to do, whoever else is on the machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

R = TypeVar("R")


def cpu_seconds(work: Callable[[], object]) -> float:
    """Processor seconds, of all threads of this process, that `work` takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def best(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The least seconds of each. They take turns, so that neighbours disturb all alike."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            taken[name].append(cpu_seconds(work))
    return {name: min(times) for name, times in taken.items()}


class Stages:
    """Processor time inside chosen functions of a running program, while they are watched."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def watching(self, functions: Mapping[str, tuple[Any, str]]) -> Iterator[None]:
        """`functions`: stage -> (owner, attribute). Calls are timed, not changed."""
        originals = [(owner, name, getattr(owner, name)) for owner, name in functions.values()]
        for stage, (owner, name) in functions.items():
            setattr(owner, name, self._timed(stage, getattr(owner, name)))
        try:
            yield
        finally:
            for owner, name, original in originals:
                setattr(owner, name, original)

    def _timed(self, stage: str, function: Callable[..., R]) -> Callable[..., R]:
        def timed(*args: Any, **kwargs: Any) -> R:
            started = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                taken = time.process_time() - started
                self.seconds[stage] = self.seconds.get(stage, 0.0) + taken

        return timed
