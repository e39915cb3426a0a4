"""A bounded run of every fuzz target, the same each time; `make fuzz` runs them for long."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS

_SLOW = ("application/vnd.",)  # a process for every body


@pytest.mark.parametrize("name", TARGETS)
def test_target(name: str) -> None:
    """No crash, no hang, no broken promise."""
    run, samples = TARGETS[name]
    draw = random.Random(name)
    for sample in samples:
        run(sample)
        for _ in range(8 if name.startswith(_SLOW) else 250):
            run(mutated(sample, draw))
