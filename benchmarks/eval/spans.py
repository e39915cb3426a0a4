"""How exactly identifiers are found in texts.

    python -m benchmarks.eval.spans

Notes made here by seed: a number of every row of the jurisdiction table beside its title, phones,
e-mail, cards and addresses, in sentences of the title's language. Exact and overlapping precision,
recall and F1, characters of identifiers left in the open and others' characters hidden, by
category, by language and by identifier.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import phonenumbers
from faker import Faker
from rich.console import Console
from rich.table import Table

from benchmarks.eval import tables
from benchmarks.eval.numbers import kinds, sample
from classifiers.classify import Classifier
from classifiers.model import Batch, CellKind, Column, Finding
from classifiers.registry import default_registry

_CACHE: Final = Path("build") / "hyperscan"
_SCRIPTS: Final = (  # by what only they are written in
    ("ja", re.compile("[\u3040-\u30ff]")), ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")), ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ar", re.compile("[\u0600-\u06ff]")), ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")), ("vi", re.compile("[ăđơư\u1ea0-\u1ef9]")),
    ("other", re.compile(r"[^\x00-\x7f]")),
)  # fmt: skip
_LETTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "zh": ("客户留言：{}，请尽快处理。", "订单 20261122 备注 {} 谢谢", "{}"),
    "en": ("Order 20261122: {}, please confirm by Friday.", "Customer wrote {} and left.", "{}"),
    "": ("Ref 4471 / {} / 12.50", "{}"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A text with one gold span."""

    text: str
    start: int
    end: int
    category: str  # what the span is, in a word
    language: str
    identifier: str


def notes(random_: random.Random) -> list[Note]:
    """Every identifier under each of its titles, and what needs no title."""
    found = [
        _note(f"{title}: ", number, "identifier", kind.country, random_)
        for kind in kinds()
        for title, number in zip(kind.titles, sample(kind, random_, len(kind.titles)), strict=True)
    ]
    english, chinese = Faker("en_US"), Faker("zh_CN")
    english.seed_instance(random_.random())
    chinese.seed_instance(random_.random())
    plain: Sequence[tuple[str, str, Callable[[], str]]] = (
        ("", "e-mail", english.email),
        ("", "card", lambda: str(english.credit_card_number("visa"))),
        ("", "iban", lambda: str(english.iban())),
        ("", "ip", english.ipv4),
        ("手机 ", "phone", chinese.phone_number),
        ("地址：", "address", tables.address),
    )
    for title, category, make in plain:
        found += [_note(title, make(), category, category, random_) for _ in range(60)]
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        if number is not None:
            form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
            found.append(
                _note("Tel ", phonenumbers.format_number(number, form), "phone", region, random_)
            )
    return found


def _note(title: str, value: str, category: str, identifier: str, random_: random.Random) -> Note:
    language = next((name for name, script in _SCRIPTS if script.search(title)), "en")
    frame = random_.choice(_LETTERS.get(language, _LETTERS[""]))
    before, after = frame.split("{}")
    text = f"{before}{title}{value}{after}"
    start = len(before) + len(title)
    return Note(text, start, start + len(value), category, language, identifier)


def measure(given: Sequence[Note], found: Sequence[Sequence[Finding]]) -> dict[str, Counter[str]]:
    """Group -> counts; a note counts in its category, its language, its identifier and in all."""
    counts: dict[str, Counter[str]] = {}
    for note, findings in zip(given, found, strict=True):
        spans = [(f.start, f.end) for f in findings]
        gold = set(range(note.start, note.end))
        hidden = {at for start, end in spans for at in range(start, end)}
        touching = [span for span in spans if span[0] < note.end and span[1] > note.start]
        exact = (note.start, note.end) in spans
        for group in ("all", note.category, f"in {note.language}", f"of {note.identifier}"):
            counts.setdefault(group, Counter()).update(
                gold=1, given=len(spans), exact=exact, touched=bool(touching),
                touching=len(touching), characters=len(gold), leaked=len(gold - hidden),
                needless=len(hidden - gold),
            )  # fmt: skip
    return counts


def _f1(right: int, given: int, hit: int, gold: int) -> str:
    precision, recall = right / max(given, 1), hit / max(gold, 1)
    both = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"{precision:.3f} {recall:.3f} {both:.3f}"


def _classified(classifier: Classifier, texts: Sequence[str]) -> list[list[Finding]]:
    distinct = list(dict.fromkeys(texts))
    every = range(len(distinct))
    column = Column("/x1", "x1", CellKind.TEXT, distinct, every, every, every)
    found: dict[str, list[Finding]] = {text: [] for text in distinct}
    for finding in classifier.classify(Batch([column], len(distinct), 0)).findings:
        if finding.verdict.treated:
            found[distinct[finding.value]].append(finding)
    return [found[text] for text in texts]


def _rows(counts: Mapping[str, Counter[str]]) -> Iterable[str]:
    """The groups worth a line: countries only where something was missed."""
    for group in sorted(
        counts, key=lambda name: (name.startswith("of "), name.startswith("in "), name)
    ):
        missed = counts[group]["touched"] < counts[group]["gold"]
        if not group.startswith("of ") or missed:
            yield group


def main() -> None:
    """Print the table and the speed."""
    tables.seed(20261122)
    given = notes(random.Random(20261122))
    classifier = Classifier(default_registry(text=False), cache_dir=_CACHE)
    texts = [note.text for note in given]
    _classified(classifier, texts[:50])
    began = time.process_time()
    found = _classified(classifier, texts)
    spent = time.process_time() - began
    counts = measure(given, found)
    table = Table("group", "notes", "exact P R F1", "overlap P R F1", "leaked", "hidden needlessly")
    for group in _rows(counts):
        n = counts[group]
        table.add_row(
            group,
            str(n["gold"]),
            _f1(n["exact"], n["given"], n["exact"], n["gold"]),
            _f1(n["touching"], n["given"], n["touched"], n["gold"]),
            f"{n['leaked']} of {n['characters']}",
            str(n["needless"]),
        )
    Console(width=110).print(table)
    characters = sum(map(len, texts))
    print(f"{len(texts) / spent:,.0f} notes/s, {characters / spent:,.0f} characters/s on one core")


if __name__ == "__main__":
    main()
