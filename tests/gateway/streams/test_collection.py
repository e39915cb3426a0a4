"""The collector of an exporting process."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from gateway.streams.collection import collect_rarely


@pytest.fixture
def _as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.mark.usefixtures("_as_before")
def test_cycles_are_still_collected() -> None:
    """Collecting less often is not collecting never."""
    frozen = gc.get_freeze_count()
    collect_rarely()
    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen
    cycle: list[object] = []
    cycle.append(cycle)
    del cycle
    assert gc.collect() > 0
