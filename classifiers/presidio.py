"""Presidio in and out: our detectors as its recognizers, a team's own recognizers as detectors.

Importing this module imports Presidio; nothing else in the package does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml  # type: ignore[import-untyped]
from presidio_analyzer import Pattern as PresidioPattern
from presidio_analyzer import PatternRecognizer, RecognizerResult

from classifiers.detector import RARE, Detector, Pattern
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

    The category follows from its entity. Raises `ValueError` for an entity that no category
    covers, unless `category` says which.
    """
    theirs: Any = recognizer  # Presidio's attributes are set without types
    entity: str = theirs.supported_entities[0]
    category = category or _CATEGORIES.get(entity)
    if category is None:
        raise ValueError(
            f"recognizer {theirs.name}: entity {entity} belongs to no category;"
            " say which one, as in adopt(recognizer, category='pi_account')"
        )
    best = max(pattern.score for pattern in theirs.patterns)
    return Detector(
        name=f"team.{theirs.name}",
        category=category,
        entity=entity,
        patterns=tuple(Pattern(p.name, p.regex, max(p.score, RARE)) for p in theirs.patterns),
        verify=_judge(recognizer, likely=best >= _LIKELY),
        strong=True,
        context=tuple(word.lower() for word in theirs.context or ()),
        flags=theirs.global_regex_flags,
        version=theirs.version,
        adopted=True,
    )


def adopt_yaml(
    path: Path, *, categories: Mapping[str, str] = MappingProxyType({})
) -> list[Detector]:
    """The custom pattern recognizers of a Presidio registry file (`recognizers:` in YAML).

    `categories` maps entities to categories where the taxonomy does not know them.
    """
    rows: Iterable[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))["recognizers"]
    found = []
    for row in rows:
        if row.get("type", "custom") != "custom":
            continue
        allowed = {key: row[key] for key in _YAML_KEYS if key in row}
        recognizer: Any = PatternRecognizer.from_dict(allowed)
        found.append(adopt(recognizer, category=categories.get(recognizer.supported_entities[0])))
    return found


_YAML_KEYS: Final = ("supported_entity", "name", "patterns", "deny_list", "context", "version")


def _judge(recognizer: PatternRecognizer, *, likely: bool) -> Callable[[str], Verdict]:
    def verify(text: str) -> Verdict:
        validated = recognizer.validate_result(text)
        if validated is False or recognizer.invalidate_result(text):
            return Verdict.REFUTED
        if validated:
            return Verdict.CONFIRMED
        return Verdict.LIKELY if likely else Verdict.UNKNOWN

    return verify
