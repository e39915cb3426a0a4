"""One pass over all texts: detectors -> database, texts -> candidates -> matches.

Hyperscan says which pattern may end where; the detector's own pattern then looks at that one
text, from the candidate's earliest possible start. All of it is linear in the text: patterns
without a widest match are refused at load.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import hyperscan

from classifiers.candidates import Ends, Hits, ends, grouped, joined
from classifiers.database import load
from classifiers.detector import Detector, Pattern
from classifiers.expression import Expression, expression
from classifiers.model import DetectionIncomplete, Verdict
from classifiers.searchers import Searcher
from classifiers.searchers import load as searchers_of

_LONG: Final = 2_000  # characters; above, only the neighbourhood of candidates is searched
_SHORT: Final = 48  # characters; a longer text is seldom one match
_MARGIN: Final = 256  # characters of right context that a look-ahead may need
_CHECK_EVERY: Final = 256  # texts between looks at the clock
_LOOK_EVERY: Final = 64  # searched neighbourhoods between them
_new: Final = tuple.__new__  # makes a NamedTuple in half the time
_CONTINUATION: Final = bytes(range(0x80, 0xC0))  # UTF-8 bytes that begin no code point
_NO_SIGNALS: Final[Mapping[str, Sequence[Expression]]] = MappingProxyType({})


class Match(NamedTuple):
    """A detector's pattern at a span of a text, judged by its `verify`."""

    start: int
    end: int
    detector: Detector
    verdict: Verdict
    whole: bool  # whether the span is all of the text


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass found, by the text's number: matches by rule and start, names of signals."""

    matches: Mapping[int, Sequence[Match]]
    signals: Mapping[int, Collection[str]]


@dataclass(frozen=True, slots=True)
class _Rule:
    """One pattern, ready to confirm."""

    detector: Detector
    verify: Callable[[str], Verdict]
    match: Any  # of the compiled pattern
    finditer: Any
    width: int
    expression: Expression


@dataclass(frozen=True, slots=True)
class _Part:
    """Expressions that are compiled together: what each stands for, and how late it tells."""

    databases: Sequence[Any]
    trails: tuple[int, ...]
    owners: tuple[tuple[int, ...], ...]


class Scanner:
    """Compiled patterns. Immutable and safe to share between threads."""

    def __init__(
        self,
        detectors: Sequence[Detector],
        cache_dir: Path | None = None,
        signals: Mapping[str, Sequence[Expression]] = _NO_SIGNALS,
        *,
        added: Collection[str] = (),
        most: int | None = None,
    ) -> None:
        """Compile or load. Raises `ValueError` naming a pattern that cannot run safely.

        `signals` are expressions that only mark values for another look. Adopted detectors, and
        the signals that are `added` for them, are compiled apart: a change of theirs costs the
        compiling of theirs. `most` bounds the expressions of one database (`database.load`).
        """
        pairs = [(detector, pattern) for detector in detectors for pattern in detector.patterns]
        sources = [(pattern.regex, detector.flags) for detector, pattern in pairs]
        searchers = searchers_of(sources, cache_dir)
        rules = [_rule(*pair, each) for pair, each in zip(pairs, searchers, strict=True)]
        marks = [(name, item) for name, items in signals.items() for item in items]
        apart = [rule.detector.adopted for rule in rules] + [name in added for name, _ in marks]
        everything = [rule.expression for rule in rules] + [item for _, item in marks]
        self._rules: Final = tuple(rules)
        self.detectors: Final = tuple(rule.detector.name for rule in rules)  # by rule
        self._marks: Final = tuple(name for name, _ in marks)
        self._parts: Final = tuple(
            _part(everything, numbers, cache_dir, most)
            for which in (False, True)
            if (numbers := [number for number, is_apart in enumerate(apart) if is_apart is which])
        )
        self._local: Final = threading.local()

    def scan(self, texts: Sequence[str], deadline: float | None = None) -> Scan:
        """One pass; texts with neither matches nor signals are in neither mapping.

        Raises `DetectionIncomplete` past `deadline` (`time.monotonic`) or when matching fails.
        """
        matches: dict[int, list[Match]] = {}
        signals: dict[int, set[str]] = {}
        rules = len(self._rules)
        for count, (index, hits) in enumerate(self.candidates(texts, deadline).items()):
            if not count % _CHECK_EVERY:
                _remaining(deadline)
            text, found = texts[index], None
            for number in sorted(hits) if len(hits) > 1 else hits:
                if number >= rules:
                    signals.setdefault(index, set()).add(self._marks[number - rules])
                elif here := self.confirm(number, text, hits[number], deadline):
                    if found is None:
                        found = matches[index] = here
                    else:
                        found += here
        return Scan(matches, signals)

    def candidates(self, texts: Sequence[str], deadline: float | None = None) -> dict[int, Hits]:
        """What may match in each text, by its number; most texts are in it not at all.

        Raises `DetectionIncomplete` past `deadline` or when matching fails.
        """
        if not texts:
            return {}
        _remaining(deadline)
        data, starts = joined(texts if isinstance(texts, list) else list(texts))
        found: dict[int, Hits] = {}
        for part, ends_of_part in zip(self._parts, self._ends(data), strict=True):
            of_part = grouped(ends_of_part, starts, part.trails, part.owners)
            found = _merged(found, of_part) if found else of_part
        _remaining(deadline)
        return found

    def confirm(
        self, rule: int, text: str, ends: Sequence[int], deadline: float | None = None
    ) -> list[Match]:
        """The matches of one rule in a text, as its own engine finds them left to right."""
        item = self._rules[rule]
        detector, verify, size = item.detector, item.verify, len(text)
        found: list[Match] = []
        try:
            if size <= _LONG and not detector.adopted:  # a time limit costs as much as the search
                if 0 < size <= _SHORT and ends[-1] >= size:
                    first = item.match(text)  # the first one if it begins with the text
                    if first is not None and first.span() == (0, size):  # so it is the only one
                        return [_new(Match, (0, size, detector, verify(text), True))]
                for match in item.finditer(text):
                    start, end = match.span()
                    if end > start:
                        verdict, whole = verify(text[start:end]), end - start == size
                        found.append(_new(Match, (start, end, detector, verdict, whole)))
            else:
                for start, end in _slowly(item, text, ends, deadline):
                    verdict, whole = verify(text[start:end]), end - start == size
                    found.append(Match(start, end, detector, verdict, whole))
        except DetectionIncomplete:
            raise
        except Exception as error:  # a detector that fails; its message may hold the value
            raise DetectionIncomplete(f"matching stopped: {type(error).__name__}") from None
        return found

    def _ends(self, data: bytes) -> list[Ends]:
        """What each part's prefilters say of `data`, ends rising for each expression."""
        scratches = getattr(self._local, "scratches", None)
        if scratches is None:
            scratches = [
                [hyperscan.Scratch(each) for each in part.databases] for part in self._parts
            ]
            self._local.scratches = scratches
        reported: list[Ends] = []
        try:
            for part, its in zip(self._parts, scratches, strict=True):
                handler, found = ends()
                for database, scratch in zip(part.databases, its, strict=True):
                    database.scan(data, match_event_handler=handler, context=found, scratch=scratch)
                reported.append(found)
        except Exception as error:  # whatever it is, not everything was looked at
            raise DetectionIncomplete(f"matching stopped: {type(error).__name__}") from None
        return reported


def _part(
    everything: Sequence[Expression],
    numbers: Sequence[int],
    cache_dir: Path | None,
    most: int | None,
) -> _Part:
    """The `numbers` of `everything`, compiled; equal expressions once."""
    owners: dict[Expression, list[int]] = {}
    for number in numbers:
        owners.setdefault(everything[number], []).append(number)
    return _Part(
        databases=tuple(load(list(owners), cache_dir, most=most)),
        trails=tuple(item.trail for item in owners),
        owners=tuple(map(tuple, owners.values())),
    )


def _merged(some: Mapping[int, Hits], more: Mapping[int, Hits]) -> dict[int, Hits]:
    """Both by the text's number, rising; no rule is in both."""
    return {index: some.get(index, {}) | more.get(index, {}) for index in sorted({*some, *more})}


def _rule(detector: Detector, pattern: Pattern, searcher: Searcher) -> _Rule:
    if searcher.width is None:
        raise ValueError(
            f"{detector.name}: pattern {pattern.name!r} can match without limit, so it"
            " cannot be confirmed in linear time; bound its repeats, as in {1,64}"
        )
    source = _expression(pattern.regex, detector.flags)
    found = searcher.pattern
    return _Rule(detector, detector.verify, found.match, found.finditer, searcher.width, source)


_expression: Final = lru_cache(maxsize=1024)(expression)


def _remaining(deadline: float | None) -> float | None:
    """Seconds left. Raises `DetectionIncomplete` when there are none."""
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise DetectionIncomplete("detection did not finish within the deadline")
    return left


def _slowly(
    item: _Rule, text: str, ends: Sequence[int], deadline: float | None
) -> Iterator[tuple[int, int]]:
    """Matches in a long text, or of somebody else's pattern, none of them empty."""
    timeout = _remaining(deadline)
    if len(text) > _LONG:
        yield from _near(item, text, ends, deadline)
    else:
        for match in item.finditer(text, timeout=timeout):
            if match.end() > match.start():
                yield match.span()


def _near(
    rule: _Rule, text: str, ends: Sequence[int], deadline: float | None
) -> Iterator[tuple[int, int]]:
    """Matches in a long text: only the neighbourhoods of candidates are searched."""
    position, adopted = 0, rule.detector.adopted
    timeout = None
    for count, (low, high) in enumerate(_windows(_code_points(text, ends), rule.width)):
        if adopted or not count % _LOOK_EVERY:
            left = _remaining(deadline)
            timeout = left if adopted else None
        start, stop = max(low, position), min(high + _MARGIN, len(text))
        for match in rule.finditer(text, start, stop, timeout=timeout):
            first, last = match.span()
            if last > high:
                break
            if last > first:
                position = last
                yield first, last


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
