"""Persons in Vietnamese by the CRFs of underthesea, beside our own engine.

The extra `silkgate[underthesea]` brings them in its wheel (Apache-2.0 since 2026); nothing is
downloaded. Its tokenizer respells what it reads, so words are ours and only its models are called.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from classifiers.text.features import Span, word_spans
from classifiers.text.model import Engine, Kind, Mention
from classifiers.text.spans import mentions_of, merged, named

_PACKAGE: Final = "underthesea"
_LOCK: Final = threading.Lock()  # its models are one to a process, not said to be safe to share
_SEGMENTER: Final = "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"


class UndertheseaEngine:
    """The mentions of `first`, and underthesea's persons where it has none."""

    def __init__(self, first: Engine) -> None:
        """Load its models. Raises `ModuleNotFoundError` without the extra."""
        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"{_PACKAGE} is missing; install silkgate[{_PACKAGE}]")
        from underthesea.models.fast_crf_sequence_tagger import (  # noqa: PLC0415 (an extra)
            FastCRFSequenceTagger,
        )
        from underthesea.pipeline.chunking.model_crf import CRFChunkingPredictor  # noqa: PLC0415
        from underthesea.pipeline.ner.model_crf import CRFNERPredictor  # noqa: PLC0415
        from underthesea.pipeline.pos_tag.model_crf import CRFPOSTagPredictor  # noqa: PLC0415

        self._first: Final = first
        self._segmenter: Final[Any] = FastCRFSequenceTagger()
        self._segmenter.load(str(Path(spec.origin).parent / _SEGMENTER))
        self._steps: Final[Sequence[Any]] = [  # each adds a column: class, phrase, name
            step.Instance() for step in (CRFPOSTagPredictor, CRFChunkingPredictor, CRFNERPredictor)
        ]

    def mentions(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of each text."""
        return [
            merged(found, named(text, self._persons(text)))
            for text, found in zip(texts, self._first.mentions(texts), strict=True)
        ]

    def _persons(self, text: str) -> list[Mention]:
        if text.isascii():  # without marks it takes common words for names
            return []
        with _LOCK:
            spans = list(self._words(text))
            rows: Any = [text[start:end] for start, end in spans]
            for step in self._steps if spans else ():
                rows = step.predict(rows)
        found = mentions_of(spans, [row[-1] for row in rows])
        return [mention for mention in found if mention.kind is Kind.PERSON]

    def _words(self, text: str) -> Iterator[Span]:
        """Words, of one syllable or several."""
        syllables = word_spans(text)
        tags = self._segmenter.predict([[text[start:end]] for start, end in syllables])
        low, high = 0, 0
        for (start, end), tag in zip(syllables, tags, strict=True):
            if tag != "I-W" and high:
                yield low, high
            low, high = (low if tag == "I-W" and high else start), end
        if high:
            yield low, high
