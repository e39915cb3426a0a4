"""How well the text engines find persons, places and organizations.

    python -m benchmarks.eval.text [LANGUAGE...]

Two kinds of text a language, neither seen in training: published news and encyclopaedia sentences
(`data/text/`), and made-up records and notes from templates and names of the test half. A mention
counts as found when it overlaps a gold span of its kind.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.training.corpus import Sentence, read
from benchmarks.training.synthetic import sentences, templates
from classifiers.columns import UNNAMED
from classifiers.model import CellKind, Column
from classifiers.text.engines import default_engines
from classifiers.text.model import TAGS
from classifiers.text.prose import ProseClassifier

_DATA: Final = Path(__file__).with_name("data") / "text"
_MADE_UP: Final = 300
_MARKS: Final[Mapping[str, float]] = {  # persons, F1 on news-like text
    "zh": 0.90, "en": 0.87, "ja": 0.82, "ko": 0.82, "th": 0.85, "id": 0.83,
}  # fmt: skip
Spans = Sequence[tuple[int, int]]


def read_all(classifier: ProseClassifier, texts: Sequence[str]) -> list[dict[str, Spans]]:
    """Entity -> spans, for each text, by the whole way that a cell takes."""
    distinct = list(dict.fromkeys(texts))
    every = range(len(distinct))
    column = Column("/text", "text", CellKind.TEXT, distinct, [0] * len(distinct), every, every)
    found: dict[str, dict[str, list[tuple[int, int]]]] = {text: {} for text in distinct}
    for item in classifier.findings([column], [UNNAMED], {}):
        found[distinct[item.value]].setdefault(item.entity, []).append((item.start, item.end))
    return [dict(found[text]) for text in texts]


def score(
    gold: Sequence[Sentence], found: Sequence[Mapping[str, Spans]]
) -> dict[str, Counter[str]]:
    """Per kind: gold spans, those found, mentions, those right."""
    scores: dict[str, Counter[str]] = {label: Counter() for label in TAGS}
    for sentence, mentions in zip(gold, found, strict=True):
        for label, kind in TAGS.items():
            wanted = [(start, end) for start, end, name in sentence.entities if name == label]
            open_to_doubt = [(s, e) for s, e, name in sentence.entities if name not in TAGS]
            given = [
                span
                for span in mentions.get(kind.value, ())
                if _touches(span, wanted) or not _touches(span, open_to_doubt)
            ]
            scores[label].update(
                gold=len(wanted),
                hit=sum(_touches(span, given) for span in wanted),
                given=len(given),
                right=sum(_touches(span, wanted) for span in given),
            )
    return scores


def _touches(span: tuple[int, int], others: Spans) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def ratios(counts: Counter[str]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    precision = counts["right"] / max(counts["given"], 1)
    recall = counts["hit"] / max(counts["gold"], 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def parts(language: str) -> dict[str, list[Sentence]]:
    """Kind of text -> sentences."""
    news = _DATA / f"{language}.jsonl"
    found = {"news": list(read(news))} if news.exists() else {}
    if language in templates():
        found["records"] = sentences(language, "test", _MADE_UP)
    return found


def main() -> None:
    """Print a table, and how fast Chinese is read."""
    wanted = sys.argv[1:] or sorted(templates())
    table = Table("language", "text", "kind", "gold", "precision", "recall", "F1", "mark")
    classifier = ProseClassifier(default_engines())
    for language in wanted:
        for part, gold in parts(language).items():
            found = read_all(classifier, [sentence.text for sentence in gold])
            for label, counts in score(gold, found).items():
                figures = [f"{figure:.3f}" for figure in ratios(counts)]
                mark = _MARKS.get(language) if (part, label) == ("news", "PER") else None
                table.add_row(language, part, label, str(counts["gold"]), *figures, str(mark or ""))
    Console(width=100).print(table)
    if "zh" in wanted:
        print(f"Chinese: {_chinese_speed():,.0f} characters/s on one core")


def _chinese_speed() -> float:
    texts = [sentence.text for part in parts("zh").values() for sentence in part]
    classifier = ProseClassifier(default_engines(), cache_bytes=0)
    read_all(classifier, texts[:10])  # loads
    began = time.process_time()
    read_all(classifier, texts)
    return sum(map(len, dict.fromkeys(texts))) / (time.process_time() - began)


if __name__ == "__main__":
    main()
