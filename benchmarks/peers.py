"""The same cells through other tools: Presidio with our recognizers, datafog, turbocloak.

A peer is a function over a list of texts. One that is not installed is left out, with the reason.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from classifiers.detector import Detector
from classifiers.model import Verdict
from classifiers.registry import default_registry

Peer = Callable[[Sequence[str]], None]


def presidio() -> Peer:
    """Analyzer and anonymizer with this registry's patterns, no NLP model, cell by cell."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NoOpNlpEngine
    from presidio_anonymizer import AnonymizerEngine

    detectors = default_registry().detectors
    registry = RecognizerRegistry(
        recognizers=[_recognizer(detector) for detector in detectors], supported_languages=["en"]
    )
    nlp = NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}])
    nlp.load()
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])
    anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]

    def run(texts: Sequence[str]) -> None:
        for text in texts:
            found = analyzer.analyze(text, language="en")
            anonymizer.anonymize(text, found)  # type: ignore[arg-type]

    return run


def datafog() -> Peer:
    """The regular expressions of datafog (detection only)."""
    from datafog.processing.text_processing.regex_annotator.regex_annotator import RegexAnnotator

    annotate = RegexAnnotator().annotate

    def run(texts: Sequence[str]) -> None:
        for text in texts:
            annotate(text)

    return run


def turbocloak() -> Peer:
    """The detection of turbocloak (Rust; few patterns, no Chinese identifiers)."""
    from turbocloak import find_pii

    def run(texts: Sequence[str]) -> None:
        for text in texts:
            find_pii(text)

    return run


def available() -> tuple[dict[str, Peer], list[str]]:
    """The peers that are installed, and why the others are not there."""
    peers, missing = {}, []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for make in (presidio, datafog, turbocloak):
            try:
                peers[make.__name__] = make()
            except ImportError:
                name = make.__name__
                missing.append(f"{name} left out: not installed (pip install {name})")
    return peers, missing


def _recognizer(detector: Detector) -> Any:
    from presidio_analyzer import Pattern, PatternRecognizer

    class Recognizer(PatternRecognizer):
        def validate_result(self, pattern_text: str) -> bool | None:
            verdict = detector.verify(pattern_text)
            return True if verdict is Verdict.CONFIRMED else None

    return Recognizer(
        supported_entity=detector.entity,
        name=detector.name,
        patterns=[Pattern(each.name, each.regex, each.score) for each in detector.patterns],
        context=list(detector.context),
        supported_language="en",
        global_regex_flags=detector.flags,
    )
