"""Which identifiers a column of numbers shows by its check digits, whatever its name.

One number in ten passes a check by chance, twenty numbers never do. A check so loose that changed
digits pass it too proves nothing, so each value is tried again with its last digit changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

import regex

from classifiers.detector import Detector
from classifiers.model import Verdict

_FEWEST: Final = 20  # distinct values
_SAMPLE: Final = 40
_LONGEST: Final = 24  # characters of a number
_AGREE: Final = 0.95
_BY_CHANCE: Final = 0.3


def shown(detectors: Iterable[Detector], values: Sequence[str]) -> frozenset[str]:
    """Names of the detectors whose check nearly all of `values` pass."""
    if len(values) < _FEWEST or not _numeric(values[0].strip()):
        return frozenset()
    sample = [value.strip() for value in values[:_SAMPLE]]
    if not all(_numeric(value) for value in sample):
        return frozenset()
    return frozenset(item.name for item in detectors if _agrees(item, sample))


def _numeric(value: str) -> bool:
    return len(value) <= _LONGEST and value[-1:].isdigit()


def _agrees(detector: Detector, sample: Sequence[str]) -> bool:
    if not _confirms(detector, sample[0]) and not _confirms(detector, sample[1]):
        return False
    changed = [value[:-1] + str((int(value[-1]) + 1) % 10) for value in sample]
    return sum(_confirms(detector, value) for value in sample) >= _AGREE * len(sample) and sum(
        _confirms(detector, value) for value in changed
    ) <= _BY_CHANCE * len(sample)


def _confirms(detector: Detector, value: str) -> bool:
    return (
        any(
            _compiled(pattern.regex, detector.flags).fullmatch(value)
            for pattern in detector.patterns
        )
        and detector.verify(value) is Verdict.CONFIRMED
    )


@lru_cache(maxsize=1024)
def _compiled(pattern: str, flags: int) -> Any:
    return regex.compile(pattern, flags)
