"""Presidio in and out: our detectors as its recognizers, a team's own recognizers as detectors.

Importing this module imports Presidio; nothing else in the package does.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import regex
from presidio_analyzer import Pattern as PresidioPattern
from presidio_analyzer import PatternRecognizer, RecognizerResult

from classifiers.detector import RARE, Detector, Pattern
from classifiers.expression import max_width
from classifiers.model import Verdict
from classifiers.registry import Registry, default_registry
from classifiers.taxonomy import CATEGORIES

_LIKELY: Final = 0.5  # base score from which an unvalidated match is likely by itself
# Presidio's own entity names that are not names of our categories.
_CATEGORIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{category.entity: category.id for category in CATEGORIES.values()},
        "EMAIL_ADDRESS": "pi_basic",
        "CREDIT_CARD": "spi_financial_account",
        "IBAN_CODE": "spi_financial_account",
        "CRYPTO": "spi_financial_account",
        "IP_ADDRESS": "pi_device",
        "MAC_ADDRESS": "pi_device",
        "URL": "pi_browsing",
        "DATE_TIME": "pi_basic",
        "MEDICAL_LICENSE": "spi_health",
    }
)


class DetectorRecognizer(PatternRecognizer):
    """A detector as a Presidio recognizer for any `AnalyzerEngine`.

    A check that fails never drops a result; the verdict stands in its recognition metadata.
    """

    def __init__(self, detector: Detector, language: str = "en") -> None:
        """One recognizer a language, as Presidio wants it."""
        self._detector = detector
        super().__init__(
            supported_entity=detector.entity,
            name=detector.name,
            supported_language=language,
            patterns=[PresidioPattern(p.name, p.regex, p.score) for p in detector.patterns],
            context=list(detector.context),
            global_regex_flags=detector.flags,
            version=detector.version,
        )

    def validate_result(self, pattern_text: str) -> bool | None:
        """True where a strong shape's check holds, else None."""
        confirmed = self._detector.verify(pattern_text) is Verdict.CONFIRMED
        return True if confirmed and self._detector.strong else None

    def invalidate_result(self, pattern_text: str) -> bool | None:
        """True for what cannot be, as a date that no calendar has."""
        return True if self._detector.verify(pattern_text) is Verdict.REFUTED else None

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: Any = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Presidio's own analysis, with each result's verdict added."""
        results: list[RecognizerResult] = super().analyze(
            text, entities, nlp_artifacts, regex_flags
        )
        for result in results:
            verdict = self._detector.verify(text[result.start : result.end])
            result.recognition_metadata["verdict"] = verdict.value
        return results


def recognizers(
    registry: Registry | None = None, *, language: str = "en"
) -> list[DetectorRecognizer]:
    """Every detector as a recognizer for `language`; the words are in many languages anyway."""
    detectors = (registry or default_registry()).detectors
    return [DetectorRecognizer(detector, language) for detector in detectors]


def adopt(recognizer: PatternRecognizer, *, category: str | None = None) -> Detector:
    """A team's Presidio pattern recognizer as a detector, its validation included.

    The category follows from its entity. The version tells patterns, words, category and code
    apart, so that evidence shows when any of them changed. Raises `ValueError` for an entity that
    no category covers, unless `category` says which, and for a pattern that cannot be confirmed in
    linear time.
    """
    theirs: Any = recognizer  # Presidio's attributes are set without types
    entity: str = theirs.supported_entities[0]
    category = category or _CATEGORIES.get(entity)
    if category is None:
        raise ValueError(
            f"recognizer {theirs.name}: entity {entity} belongs to no category;"
            " say which one, as in adopt(recognizer, category='pi_account')"
        )
    if category not in CATEGORIES:
        raise ValueError(f"recognizer {theirs.name}: {category!r} is no category of the taxonomy")
    patterns = tuple(Pattern(p.name, p.regex, max(p.score, RARE)) for p in theirs.patterns)
    for pattern in patterns:
        _check(theirs.name, pattern, theirs.global_regex_flags)
    context = tuple(word.lower() for word in theirs.context or ())
    told = (
        patterns,
        context,
        theirs.global_regex_flags,
        category,
        entity,
        _source(recognizer.__class__),
    )
    return Detector(
        name=f"team.{theirs.name}",
        category=category,
        entity=entity,
        patterns=patterns,
        verify=_judge(recognizer, likely=max(p.score for p in theirs.patterns) >= _LIKELY),
        strong=True,
        context=context,
        flags=theirs.global_regex_flags,
        version=f"{theirs.version}+{hashlib.sha256(repr(told).encode()).hexdigest()[:16]}",
        adopted=True,
    )


def _check(name: str, pattern: Pattern, flags: int) -> None:
    """Raises `ValueError` for a pattern that does not parse or has no widest match."""
    try:
        width = max_width(pattern.regex, flags)
    except regex.error as error:
        raise ValueError(f"recognizer {name}: pattern {pattern.name!r}: {error}") from error
    if width is None:
        raise ValueError(
            f"recognizer {name}: pattern {pattern.name!r} can match without limit, so it cannot be"
            " confirmed in linear time; bound its repeats, as in {1,64}"
        )


@lru_cache(maxsize=256)
def _source(kind: type[Any]) -> str:
    """The code of a recognizer's class as it was first met; "" for Presidio's own class."""
    if kind is PatternRecognizer:
        return ""
    try:
        return inspect.getsource(kind)
    except (OSError, TypeError):  # no source, as in an archive of byte code: its name must do
        return f"{kind.__module__}.{kind.__qualname__}"


def _judge(recognizer: PatternRecognizer, *, likely: bool) -> Callable[[str], Verdict]:
    def verify(text: str) -> Verdict:
        validated = recognizer.validate_result(text)
        if validated is False or recognizer.invalidate_result(text):
            return Verdict.REFUTED
        if validated:
            return Verdict.CONFIRMED
        return Verdict.LIKELY if likely else Verdict.UNKNOWN

    return verify
