"""How well records are classified.

    python -m benchmarks.eval.records

Development sets made here by seed: national numbers beside their titles and alone, telephone
numbers, columns of tables with their names, trade data, addresses. Marks stand beside figures.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import phonenumbers
from rich.console import Console
from rich.table import Table

from benchmarks.eval import tables
from benchmarks.eval.numbers import alone, kinds, sample, titled
from classifiers.classify import Classifier
from classifiers.model import Batch, CellKind, Classification, Column
from classifiers.registry import default_registry

_ROWS: Final = 30  # rows of a made-up table
_REGIONS: Final = "CN HK MO TW JP KR SG MY TH VN ID PH KH LA MM BN AU NZ ZA KE NG EG GH MA".split()
_CACHE: Final = Path("build") / "hyperscan"


def _column(name: str, values: Sequence[str]) -> Column:
    distinct = list(dict.fromkeys(values))
    refs = [distinct.index(value) for value in values]
    rows = range(len(values))
    return Column(f"/{name}", name, CellKind.TEXT, distinct, rows, refs, rows)


def _classify(classifier: Classifier, columns: Sequence[Column]) -> Classification:
    return classifier.classify(Batch(columns, max(len(c.rows) for c in columns), 0))


def _found(classifier: Classifier, texts: Sequence[str]) -> list[set[tuple[str, str]]]:
    """Per text, (category, entity) of what must be asked about or is typed as trade."""
    values = list(dict.fromkeys(texts))
    result = _classify(classifier, [_column("x1", values)])
    found: dict[str, set[tuple[str, str]]] = {value: set() for value in values}
    for finding in result.findings:
        if finding.verdict.treated:
            found[values[finding.value]].add((finding.category, finding.entity))
    return [found[text] for text in texts]


def titled_numbers(classifier: Classifier, random_: random.Random) -> tuple[float, str]:
    """Valid national numbers beside their title, typed as identifiers."""
    texts, countries = [], []
    for kind in kinds():
        for title, number in zip(kind.titles, sample(kind, random_, len(kind.titles)), strict=True):
            texts.append(titled(title, number, random_))
            countries.append(f"{kind.country} {title}")
    good = [bool(found) for found in _found(classifier, texts)]
    return _share(good), _worst(countries, good)


def strong_numbers(classifier: Classifier, random_: random.Random) -> tuple[float, str]:
    """Strong shapes alone."""
    pairs = [
        (f"{kind.country} {' '.join(kind.detectors)}", number)
        for kind in alone()
        for number in sample(kind, random_, 20)
    ]
    good = [bool(found) for found in _found(classifier, [number for _, number in pairs])]
    return _share(good), _worst([country for country, _ in pairs], good)


def international_phones(classifier: Classifier, _random: random.Random) -> tuple[float, str]:
    """Example numbers of every region in international form."""
    texts, regions = [], []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        if number is not None:
            form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
            texts.append(f"call {phonenumbers.format_number(number, form)} now")
            regions.append(region)
    good = [any(c == "pi_contact_phone" for c, _ in f) for f in _found(classifier, texts)]
    return _share(good), _worst(regions, good)


def national_phones(classifier: Classifier, _random: random.Random) -> tuple[float, str]:
    """Example numbers in national form beside a word for telephone."""
    texts, regions = [], []
    for region in _REGIONS:
        for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                form = phonenumbers.PhoneNumberFormat.NATIONAL
                texts.append(f"Tel: {phonenumbers.format_number(number, form)}")
                regions.append(region)
    good = [any(c == "pi_contact_phone" for c, _ in f) for f in _found(classifier, texts)]
    return _share(good), _worst(regions, good)


def addresses(classifier: Classifier, _random: random.Random) -> tuple[float, str]:
    """Chinese delivery addresses in a column whose name says nothing."""
    texts = [tables.address() for _ in range(200)]
    good = [any(c == "pi_delivery" for c, _ in f) for f in _found(classifier, texts)]
    return _share(good), next((t for t, g in zip(texts, good, strict=True) if not g), "")


def personal_columns(classifier: Classifier) -> tuple[float, float, str]:
    """Personal columns flagged, and with the right category."""
    flagged, right, missed = [], [], []
    for names, category, make in tables.PERSONAL:
        for name in names.split("|"):
            result = _classify(classifier, [_column(name, [make() for _ in range(_ROWS)])])
            found = Counter(f.category for f in result.findings if f.verdict.treated)
            flagged.append(sum(found.values()) >= _ROWS // 3 or bool(found))
            right.append(bool(found) and found.most_common(1)[0][0] == category)
            if not right[-1]:
                missed.append(f"{name}:{found.most_common(1)[0][0] if found else '-'}")
    return _share(flagged), _share(right), " ".join(missed)


def trade_columns(classifier: Classifier) -> tuple[float, float, str]:
    """Trade columns flagged as personal, and their cells."""
    columns, cells, total, wrong = [], 0, 0, []
    for names, make in tables.TRADE:
        for name in names.split("|"):
            result = _classify(classifier, [_column(name, [make() for _ in range(_ROWS)])])
            found = [f for f in result.findings if f.verdict.treated and f.level != "general"]
            columns.append(bool(found))
            cells += len({f.value for f in found})
            total += _ROWS
            if found:
                wrong.append(f"{name}:{found[0].detector}")
    return _share(columns), cells / total, " ".join(wrong)


def _share(good: Iterable[bool]) -> float:
    results = list(good)
    return sum(results) / len(results)


def _worst(groups: Sequence[str], good: Sequence[bool]) -> str:
    bad = Counter(group for group, fine in zip(groups, good, strict=True) if not fine)
    return " ".join(f"{group}({count})" for group, count in bad.most_common(8))


def main() -> None:
    """Print every figure beside its mark."""
    tables.seed(20261122)
    random_ = random.Random(20261122)
    classifier = Classifier(default_registry(), cache_dir=_CACHE)
    board = Table("what", "figure", "mark", "missed")
    started = time.perf_counter()
    for name, measure, mark in (
        ("national numbers beside their title", titled_numbers, "≥ 98 %"),
        ("strong shapes alone", strong_numbers, "≥ 99 %"),
        ("telephone, international", international_phones, "≥ 98 %"),
        ("telephone, national with a word", national_phones, "≥ 95 %"),
        ("Chinese delivery addresses, no field name", addresses, "≥ 97 %"),
    ):
        share, missed = measure(classifier, random_)
        board.add_row(name, f"{share:.1%}", mark, missed)
    flagged, right, missed = personal_columns(classifier)
    board.add_row("personal columns flagged", f"{flagged:.1%}", "≥ 97 %", "")
    board.add_row("personal columns, right category", f"{right:.1%}", "≥ 90 %", missed)
    columns, cells, wrong = trade_columns(classifier)
    board.add_row("trade columns flagged as personal", f"{columns:.1%}", "≤ 5 %", wrong)
    board.add_row("trade cells flagged as personal", f"{cells:.2%}", "≤ 0.2 %", "")
    Console().print(board)
    Console().print(f"{time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
