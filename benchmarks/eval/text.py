"""How well the text engines find persons, places and organizations.

    python -m benchmarks.eval.text [LANGUAGE...]

Three kinds of text a language, none of them training sentences: published news and encyclopaedia
sentences (`data/text/`; their errors were read while the engines were made, see
docs/text-engines.md), our own sentences in many registers (`data/text/own/`), and made-up records
from templates and names of the test half. All go the whole way that a cell takes. A mention counts
as found when it overlaps a gold span of its kind; `exact` wants the same span. `leaked` is the
share of the characters of persons, addresses, telephones and e-mails that no treated finding
covers, `needless` the share of all other characters that one does.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.eval.own import FOLDER, registers
from benchmarks.training.corpus import Sentence, read
from benchmarks.training.synthetic import languages, sentences
from classifiers.classify import Classifier
from classifiers.columns import UNNAMED
from classifiers.model import Batch, CellKind, Column, Finding
from classifiers.registry import default_registry
from classifiers.text.engines import default_engines
from classifiers.text.prose import ProseClassifier

_DATA: Final = Path(__file__).with_name("data") / "text"
_CACHE: Final = Path("build") / "hyperscan"
_MADE_UP: Final = 300
_MARKS: Final[Mapping[str, float]] = {  # persons, F1 on news-like text
    "zh": 0.90, "en": 0.87, "ja": 0.82, "ko": 0.82, "th": 0.85, "id": 0.83, "vi": 0.75,
    "ms": 0.65, "tl": 0.65, "sw": 0.65,
}  # fmt: skip
_ENTITIES: Final[Mapping[str, str]] = {
    "PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION", "ADDR": "",
    "PHONE": "PHONE_NUMBER", "EMAIL": "EMAIL_ADDRESS",
}  # fmt: skip
_ADDRESS: Final = "pi_delivery"
_PERSONAL: Final = frozenset({"PER", "ADDR", "PHONE", "EMAIL"})
Span = tuple[int, int]
Spans = Sequence[Span]


def read_all(classifier: Classifier, texts: Sequence[str]) -> list[list[Finding]]:
    """The findings of each text, by the whole way that a cell takes."""
    distinct = list(dict.fromkeys(texts))
    every = range(len(distinct))
    column = Column("/text", "text", CellKind.TEXT, distinct, every, every, every)
    found: dict[str, list[Finding]] = {text: [] for text in distinct}
    for item in classifier.classify(Batch([column], len(distinct), 0)).findings:
        found[distinct[item.value]].append(item)
    return [found[text] for text in texts]


@dataclass(slots=True)
class Score:
    """What was wanted and given in a part, per label, and the characters of it."""

    labels: dict[str, Counter[str]] = field(default_factory=dict)
    characters: Counter[str] = field(default_factory=Counter)

    def add(self, gold: Sentence, findings: Sequence[Finding]) -> None:
        """Count one text."""
        known = [(start, end) for start, end, _ in gold.entities]
        for label in _ENTITIES:
            wanted = [(start, end) for start, end, name in gold.entities if name == label]
            given = [(item.start, item.end) for item in findings if _claims(item, label)]
            if label in ("LOC", "ADDR"):  # a place within an address is no mistake, nor a house
                others = [span for span in known if span not in wanted]
                given = [s for s in given if _touches(s, wanted) or not _touches(s, others)]
            self.labels.setdefault(label, Counter()).update(
                gold=len(wanted),
                hit=sum(_touches(span, given) for span in wanted),
                given=len(given),
                right=sum(_touches(span, wanted) for span in given),
                exact=len(set(wanted) & set(given)),
            )
        self._add_characters(gold, findings)

    def _add_characters(self, gold: Sentence, findings: Sequence[Finding]) -> None:
        personal = _covered((s, e) for s, e, name in gold.entities if name in _PERSONAL)
        treated = _covered((f.start, f.end) for f in findings if f.verdict.treated)
        self.characters.update(
            all=len(gold.text),
            personal=len(personal),
            leaked=len(personal - treated),
            needless=len(treated - personal),
        )

    def ratios(self, label: str) -> tuple[float, float, float, float]:
        """Precision, recall, F1 by overlap; F1 of exact spans."""
        counts = self.labels[label]
        precision = counts["right"] / max(counts["given"], 1)
        recall = counts["hit"] / max(counts["gold"], 1)
        exact = 2 * counts["exact"] / max(counts["given"] + counts["gold"], 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9), exact

    def leaks(self) -> tuple[float, float]:
        """Leaked and needlessly hidden characters, as shares."""
        count = self.characters
        others = count["all"] - count["personal"]
        return count["leaked"] / max(count["personal"], 1), count["needless"] / max(others, 1)


def _claims(item: Finding, label: str) -> bool:
    """Whether a finding claims what the label says; an address is one to be treated."""
    if label == "ADDR":
        return item.category == _ADDRESS and item.verdict.treated
    return item.entity == _ENTITIES[label]


def _covered(spans: Iterable[Span]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def _touches(span: Span, others: Spans) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def score(classifier: Classifier, gold: Sequence[Sentence]) -> Score:
    """The score of one part."""
    total = Score()
    found = read_all(classifier, [sentence.text for sentence in gold])
    for sentence, findings in zip(gold, found, strict=True):
        total.add(sentence, findings)
    return total


def parts(language: str) -> dict[str, list[Sentence]]:
    """Kind of text -> sentences."""
    news = _DATA / f"{language}.jsonl"
    found = {"published": list(read(news))} if news.exists() else {}
    found |= {f"own {name}": gold for name, gold in registers(language).items()}
    if language in languages():
        found["records"] = sentences(language, "test", _MADE_UP)
    return found


def _languages() -> list[str]:
    return sorted({*languages(), *(path.stem for path in FOLDER.glob("*.txt"))})


def main() -> None:
    """Print a table, and how fast each language is read."""
    wanted = sys.argv[1:] or _languages()
    classifier = Classifier(default_registry(), cache_dir=_CACHE)
    table = Table(
        "language", "text", "kind", "gold", "P", "R", "F1", "mark", "exact", "leaked", "needless"
    )
    for language in wanted:
        for part, gold in parts(language).items():
            _add_rows(table, language, part, score(classifier, gold))
    Console(width=120).print(table)
    for language in wanted:
        print(f"{language}: {_speed(language):,.0f} characters/s of processor time")


def _add_rows(table: Table, language: str, part: str, total: Score) -> None:
    leaks = [f"{share:.3f}" for share in total.leaks()]
    for label, counts in total.labels.items():
        if counts["gold"] or (label == "PER" and counts["given"]):
            precision, recall, f1, exact = (f"{figure:.3f}" for figure in total.ratios(label))
            news = part.startswith(("published", "own news", "own Malaysian"))
            mark = str(_MARKS.get(language, "")) if news and label == "PER" else ""
            table.add_row(
                language, part, label, str(counts["gold"]), precision, recall, f1, mark, exact,
                *(leaks if label == "PER" else ["", ""]),
            )  # fmt: skip


def _speed(language: str) -> float:
    """Characters a second by the engines alone, nothing cached."""
    texts = list(dict.fromkeys(s.text for part in parts(language).values() for s in part))
    every = range(len(texts))
    column = Column("/text", "text", CellKind.TEXT, texts, every, every, every)
    classifier = ProseClassifier(default_engines(), cache_bytes=0)
    classifier.findings([column], [UNNAMED], {})  # loads
    began = time.process_time()
    classifier.findings([column], [UNNAMED], {})
    return sum(map(len, texts)) / (time.process_time() - began)


if __name__ == "__main__":
    main()
