"""The text engines as Presidio recognizers, for any `AnalyzerEngine`.

No spaCy model is needed: `analyzer` uses Presidio's own engine that does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from classifiers.text.engines import LazyEngine, default_engines
from classifiers.text.model import Kind
from classifiers.text.readable import readable
from classifiers.text.reading import read

# Presidio's language code -> the engine that reads it.
LANGUAGES: Final[Mapping[str, str]] = {
    "zh": "zh", "ja": "ja", "ko": "ko", "th": "th", "vi": "vi", "id": "id", "ms": "id",
    "en": "en", "fil": "en", "tl": "en", "sw": "en", "ha": "en", "fr": "en", "pt": "en",
}  # fmt: skip


class TextRecognizer(EntityRecognizer):
    """PERSON, LOCATION and ORGANIZATION of one language, loaded with the first text."""

    def __init__(self, language: str, engine: LazyEngine) -> None:
        """`language` is Presidio's code."""
        self._engine: Final = engine
        super().__init__(
            supported_entities=[kind.value for kind in Kind],
            supported_language=language,
            name=engine.name,
            version=engine.version,
        )

    def load(self) -> None:
        """Nothing yet: a language not met costs nothing."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """The mentions of `text` of the wanted entities."""
        form = readable(text)
        ((_, mentions),) = read(self._engine, [form.text], None)
        return [
            RecognizerResult(
                entity_type=mention.kind.value,
                start=start,
                end=end,
                score=mention.score,
                recognition_metadata={RecognizerResult.RECOGNIZER_NAME_KEY: self._engine.name},
            )
            for mention in mentions
            if mention.kind.value in entities
            for start, end in [form.span(mention.start, mention.end)]
        ]


def recognizers(languages: Sequence[str] = tuple(LANGUAGES)) -> list[TextRecognizer]:
    """A recognizer a language. Raises `KeyError` for a language that no engine reads."""
    engines = default_engines()
    return [TextRecognizer(language, engines[LANGUAGES[language]]) for language in languages]


def analyzer(languages: Sequence[str] = tuple(LANGUAGES)) -> AnalyzerEngine:
    """An analyzer of these languages with our recognizers only."""
    nothing = NoOpNlpEngine(models=[{"lang_code": code, "model_name": ""} for code in languages])
    nothing.load()
    registry = RecognizerRegistry(
        recognizers=recognizers(languages), supported_languages=list(languages)
    )
    return AnalyzerEngine(
        registry=registry, nlp_engine=nothing, supported_languages=list(languages)
    )
