"""From what a text shows to findings in a column: support by name, by words, by neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from classifiers.canonical import Canonical
from classifiers.detector import Detector
from classifiers.model import Evidence, Finding, Level, Verdict
from classifiers.scanner import Match
from classifiers.support import Hints, Support, around

SCORES: Final[Mapping[Verdict, float]] = {
    Verdict.CONFIRMED: 0.99,
    Verdict.LIKELY: 0.75,
    Verdict.UNKNOWN: 0.3,
    Verdict.REFUTED: 0.0,
}
GENERIC: Final = 0.6  # of a title's finding: any identifier that fits the span is likelier
_VALUE: Final = Evidence.VALUE
_NON_ZERO: Final = frozenset("123456789")


_Certain = tuple[str, str, Level, Verdict, float, str, Evidence]  # a finding from its category on


class _Claim(NamedTuple):
    """What a column's place says for a match of a detector and a verdict, wherever it stands."""

    evidence: Evidence | None  # None: the detector says nothing here
    name: str
    category: str
    entity: str
    level: Level
    strong: bool
    bare: Verdict  # the verdict where nothing supports it
    supported: Verdict
    score: float | None  # where supported; None: by the verdict
    certain: _Certain | None  # what is said of a match that is its whole text


class Grader:
    """Grades the matches in one column's values."""

    def __init__(self, column: int, hints: Hints, support: Support) -> None:
        """`hints`: what the column's place says."""
        self._column = column
        self._hints = hints
        self._support = support
        self._words = hints.words
        self._last = ("", 0, 0, "")  # a text, a span in it, the words around that
        self._claims: dict[tuple[Detector, Verdict], _Claim] = {}

    def finding(
        self, match: Match, text: str, value: int, form: Canonical | None
    ) -> Finding | None:
        """A match in `text` (`form` of the value) as a finding; refuted and unclaimed is none."""
        start, end, detector, found, whole = match
        claim = self._claims.get((detector, found)) or self._claimed(detector, found)
        evidence, name, category, entity, level, strong, verdict, raised, score, certain = claim
        if evidence is None:
            return None
        if certain is not None and whole and form is None:
            return Finding(self._column, value, start, end, *certain)
        if (
            evidence is _VALUE
            and not whole
            and self._words
            and self._support.among(name, self._around(text, start, end))
        ):
            evidence = Evidence.CONTEXT
        supported = evidence is not _VALUE
        if supported:
            verdict = raised
        if (
            not whole
            and verdict.treated
            and _embedded(text, start, end, paths=not strong)
            and not (strong and supported)
            and (_alnum(text[end : end + 1]) or not self._support.glued(name, text, start))
        ):
            verdict = Verdict.UNKNOWN
        if _says_nothing(verdict, level, evidence):
            return None
        if form is not None:
            start, end = form.span(start, end)
        return Finding(
            self._column,
            value,
            start,
            end,
            category,
            entity,
            level,
            verdict,
            SCORES[verdict] if score is None or not supported else score,
            name,
            evidence,
        )

    def _around(self, text: str, start: int, end: int) -> str:
        """The words around a span, which detectors often share."""
        last, at, to, words = self._last
        if last is not text or at != start or to != end:
            words = around(text, start, end)
            self._last = text, start, end, words
        return words

    def _claimed(self, detector: Detector, found: Verdict) -> _Claim:
        hints, name = self._hints, detector.name
        evidence: Evidence | None = Evidence.VALUE
        if detector.words and not hints.words:
            evidence = None
        elif name in hints.names:
            evidence = Evidence.FIELD
        elif name in hints.shown:
            evidence = Evidence.COLUMN
        bare, raised = (detector.grade(found, supported=each) for each in (False, True))
        level, score = detector.level, GENERIC if detector.generic else None
        certain: _Certain | None = None
        verdict = bare if evidence is Evidence.VALUE else raised
        if evidence is not None and not _says_nothing(verdict, level, evidence):
            scored = SCORES[verdict] if score is None or evidence is Evidence.VALUE else score
            of = (detector.category, detector.entity, level, verdict, scored, name, evidence)
            certain = of
        claim = self._claims[detector, found] = _Claim(
            evidence,
            name,
            detector.category,
            detector.entity,
            level,
            detector.strong,
            bare,
            raised,
            score,
            certain,
        )
        return claim


def _says_nothing(verdict: Verdict, level: Level, evidence: Evidence) -> bool:
    """Whether a graded match is no finding: a label in doubt, or what cannot be and nobody says."""
    return (verdict is Verdict.UNKNOWN and level is Level.GENERAL) or (
        verdict is Verdict.REFUTED and evidence is Evidence.VALUE
    )


def _embedded(text: str, start: int, end: int, *, paths: bool) -> bool:
    """Whether the span sits inside a longer word, a decimal number or (`paths`) a path."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    if paths and (before[-1:] == "/" or after[:1] == "/"):
        return True
    if _of_word(before[-1:]) or _of_word(after[:1]):
        return True
    return (before[-1:] == "." and before[0].isdigit() and before[0].isascii()) or (
        after[:1] == "." and after[1:] in _NON_ZERO
    )


def _of_word(char: str) -> bool:
    return char == "_" or _alnum(char)


def _alnum(char: str) -> bool:
    return char.isascii() and char.isalnum()
