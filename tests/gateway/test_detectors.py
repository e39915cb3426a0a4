"""Detectors that a serving process loads in the background."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import cast

from classifiers.classify import Classifier
from classifiers.registry import default_registry
from gateway.detectors import Detectors


class Slow:
    """A classifier of three parts; the second takes until it is told."""

    def __init__(self) -> None:
        self.loaded: list[int] = []
        self.within, self.go_on = threading.Event(), threading.Event()

    def warming(self) -> Iterator[None]:
        for part in range(3):
            if part == 1:
                self.within.set()
                self.go_on.wait(60)
            self.loaded.append(part)
            yield


def warmed(classifier: Slow) -> Detectors:
    return Detectors({}, default_registry(), cast("Classifier", classifier))


def test_leaving_waits_for_the_part_under_way_and_loads_no_more() -> None:
    """A thread left within C++ would abort the process at its end."""
    slow = Slow()
    with warmed(slow).warming():
        assert slow.within.wait(60)
        threading.Timer(0.1, slow.go_on.set).start()
    assert slow.loaded == [0, 1]
    assert "detectors" not in {thread.name for thread in threading.enumerate()}


def test_everything_is_loaded_while_the_process_stays() -> None:
    """And the load ends by itself."""
    slow = Slow()
    with warmed(slow).warming():
        (loading,) = (each for each in threading.enumerate() if each.name == "detectors")
        slow.go_on.set()
        loading.join(60)
        assert slow.loaded == [0, 1, 2]
