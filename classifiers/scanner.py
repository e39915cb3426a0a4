"""One pass over all texts: detectors -> database, texts -> candidates -> matches.

Hyperscan says which pattern may end where; the detector's own pattern then looks at that one
text, from the candidate's earliest possible start. All of it is linear in the text: patterns
without a widest match are refused at load.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import hyperscan
import regex

from classifiers.database import load
from classifiers.detector import Detector, Pattern
from classifiers.expression import SEPARATOR, Expression, expression, max_width
from classifiers.model import DetectionIncomplete, Verdict

_LONG: Final = 2_000  # characters; above, only the neighbourhood of candidates is searched
_MARGIN: Final = 256  # characters of right context that a look-ahead may need
_CHECK_EVERY: Final = 4096  # candidates between looks at the clock
_CONTINUATION: Final = bytes(range(0x80, 0xC0))  # UTF-8 bytes that begin no code point
_NO_SIGNALS: Final[Mapping[str, Sequence[Expression]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Match:
    """A detector's pattern at a span of `texts[text][value]`, judged by its `verify`."""

    text: int
    value: int
    start: int
    end: int
    detector: Detector
    verdict: Verdict
    whole: bool  # whether the span is all of the value


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass found: matches, and the (text, value) pairs that gave each signal."""

    matches: list[Match]
    signals: Mapping[str, set[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class _Rule:
    """One pattern, ready to confirm."""

    detector: Detector
    compiled: Any
    width: int
    expression: Expression


class Scanner:
    """Compiled patterns. Immutable and safe to share between threads."""

    def __init__(
        self,
        detectors: Sequence[Detector],
        cache_dir: Path | None = None,
        signals: Mapping[str, Sequence[Expression]] = _NO_SIGNALS,
        *,
        most: int | None = None,
    ) -> None:
        """Compile or load. Raises `ValueError` naming a pattern that cannot run safely.

        `signals` are expressions that only mark values for another look; `most` bounds the
        expressions of one database (see `classifiers.database.load`).
        """
        rules = [
            _rule(detector, pattern) for detector in detectors for pattern in detector.patterns
        ]
        marks = [(name, item) for name, items in signals.items() for item in items]
        owners: dict[Expression, list[int]] = {}
        everything = [rule.expression for rule in rules] + [item for _, item in marks]
        for number, item in enumerate(everything):
            owners.setdefault(item, []).append(number)
        self._rules: Final = tuple(rules)
        self._marks: Final = tuple(name for name, _ in marks)
        self._trails: Final = tuple(item.trail for item in owners)
        self._owners: Final = tuple(tuple(numbers) for numbers in owners.values())
        self._databases: Final = tuple(load(list(owners), cache_dir, most=most))
        self._local: Final = threading.local()

    def scan(
        self,
        texts: Sequence[Sequence[str]],
        deadline: float | None = None,
        wanted: Callable[[str, int, int], bool] | None = None,
    ) -> Scan:
        """One pass; matches ordered by text and value, those of one value by rule and start.

        `wanted` may spare the work for a detector (by name) in a text's value.

        Raises `DetectionIncomplete` past `deadline` (`time.monotonic`) or when matching fails.
        """
        matches: list[Match] = []
        signals: dict[str, set[tuple[int, int]]] = defaultdict(set)
        if not any(texts):
            return Scan(matches, signals)
        try:
            for (text, value), ends in sorted(self._candidates(texts, deadline).items()):
                for number in sorted(ends):
                    if number >= len(self._rules):
                        signals[self._marks[number - len(self._rules)]].add((text, value))
                        continue
                    rule, body = self._rules[number], texts[text][value]
                    if wanted and not wanted(rule.detector.name, text, value):
                        continue
                    for start, end in _spans(rule, body, ends[number], _remaining(deadline)):
                        verdict = rule.detector.verify(body[start:end])
                        whole = end - start == len(body)
                        matches.append(
                            Match(text, value, start, end, rule.detector, verdict, whole)
                        )
        except DetectionIncomplete:
            raise
        except Exception as error:  # a detector that fails; its message may hold the value
            raise DetectionIncomplete(f"matching stopped: {type(error).__name__}") from None
        return Scan(matches, signals)

    def _candidates(
        self, texts: Sequence[Sequence[str]], deadline: float | None
    ) -> dict[tuple[int, int], dict[int, list[int]]]:
        """(text, value) -> rule -> byte offsets in the value where a match may end, rising."""
        blobs = [SEPARATOR.join(values).encode("utf-8", "surrogatepass") for values in texts]
        starts = list(accumulate((len(blob) + 1 for blob in blobs), initial=1))
        ends = self._ends(SEPARATOR.encode().join((b"", *blobs, b"")))
        inner: dict[int, list[int]] = {}
        found: dict[tuple[int, int], dict[int, list[int]]] = {}
        for count, (number, end) in enumerate(ends):
            if deadline is not None and not count % _CHECK_EVERY:
                _remaining(deadline)
            last = max(end - self._trails[number] - 1, 1)
            text = bisect_right(starts, last) - 1
            if text not in inner:
                inner[text] = _value_starts(texts[text], blobs[text])
            place = last - starts[text]
            value = bisect_right(inner[text], place) - 1
            offset = place + 1 - inner[text][value]
            hits = found.setdefault((text, value), {})
            for rule in self._owners[number]:
                hits.setdefault(rule, []).append(offset)
        return found

    def _ends(self, data: bytes) -> list[tuple[int, int]]:
        """(expression, end) of every prefilter match in `data`, ends rising for each."""
        scratches = getattr(self._local, "scratches", None)
        if scratches is None:
            scratches = [hyperscan.Scratch(database) for database in self._databases]
            self._local.scratches = scratches
        ends: list[tuple[int, int]] = []
        for database, scratch in zip(self._databases, scratches, strict=True):
            database.scan(data, match_event_handler=_collect, context=ends, scratch=scratch)
        return ends


def _rule(detector: Detector, pattern: Pattern) -> _Rule:
    width = max_width(pattern.regex, detector.flags)
    if width is None:
        raise ValueError(
            f"{detector.name}: pattern {pattern.name!r} can match without limit, so it"
            " cannot be confirmed in linear time; bound its repeats, as in {1,64}"
        )
    compiled = regex.compile(pattern.regex, detector.flags)
    return _Rule(detector, compiled, width, expression(pattern.regex, detector.flags))


def _collect(number: int, _start: int, end: int, _flags: int, ends: list[tuple[int, int]]) -> None:
    ends.append((number, end))


def _remaining(deadline: float | None) -> float | None:
    """Seconds left. Raises `DetectionIncomplete` when there are none."""
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise DetectionIncomplete("detection did not finish within the deadline")
    return left


def _value_starts(values: Sequence[str], blob: bytes) -> list[int]:
    """Byte offset of each value in its joined `blob`."""
    if blob.isascii():
        return list(accumulate((len(value) + 1 for value in values), initial=0))
    sizes = (len(value.encode("utf-8", "surrogatepass")) + 1 for value in values)
    return list(accumulate(sizes, initial=0))


def _spans(
    rule: _Rule, value: str, ends: Sequence[int], timeout: float | None
) -> Iterator[tuple[int, int]]:
    """Non-empty matches of a rule in `value`, as its own engine finds them left to right."""
    if len(value) <= _LONG:
        for match in rule.compiled.finditer(value, timeout=timeout):
            if match.end() > match.start():
                yield match.span()
        return
    position = 0
    for low, high in _windows(_code_points(value, ends), rule.width):
        start, stop = max(low, position), min(high + _MARGIN, len(value))
        for match in rule.compiled.finditer(value, start, stop, timeout=timeout):
            if match.end() > high:
                break
            if match.end() > match.start():
                position = match.end()
                yield match.span()


def _code_points(value: str, offsets: Sequence[int]) -> Sequence[int]:
    """Byte offsets of the UTF-8 text as code-point offsets, rising."""
    if value.isascii():
        return sorted(offsets)
    data, done, points, result = value.encode("utf-8", "surrogatepass"), 0, 0, []
    for offset in sorted(offsets):
        points += len(data[done:offset].translate(None, _CONTINUATION))
        done = offset
        result.append(points)
    return result


def _windows(ends: Sequence[int], width: int) -> Iterator[tuple[int, int]]:
    """The stretches that hold every match ending at one of `ends`, merged where they touch."""
    low = high = -1
    for end in ends:
        if low < 0:
            low, high = max(end - width, 0), end
        elif end - width <= high:
            high = end
        else:
            yield low, high
            low, high = max(end - width, 0), end
    if low >= 0:
        yield low, high
