"""Batch -> findings: values, names, declarations, one owner per character.

Pure and thread-safe: a worker process, a file job and a notebook call the same function.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from classifiers.canonical import Canonical, canonical
from classifiers.columns import UNNAMED, ColumnLabel, field_findings, label_columns
from classifiers.expression import phrases
from classifiers.model import (
    Batch,
    Classification,
    Column,
    DetectionIncomplete,
    Evidence,
    Finding,
    Inspection,
    Level,
    Verdict,
)
from classifiers.overlap import resolve
from classifiers.plausible import plausible
from classifiers.pointers import safe_pointers
from classifiers.registry import Registry
from classifiers.scanner import Match, Scanner
from classifiers.support import Support
from classifiers.taxonomy import CATEGORIES, level_of

FIELDS_VERSION: Final = "1"  # of the field-name lexicon, in the proof of inspection
_SCORES: Final[Mapping[Verdict, float]] = MappingProxyType(
    {Verdict.CONFIRMED: 0.99, Verdict.LIKELY: 0.75, Verdict.UNKNOWN: 0.3, Verdict.REFUTED: 0.0}
)
_WEAK_AT_ONCE: Final = 24  # weak patterns in one database: they see few values, and compile soon
_CONTEXT: Final = "context"  # the signal of a value that holds a context word
_NO_DECLARATION: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Texts:
    """Texts to scan for one column, and which of its values each comes from."""

    values: Sequence[str]
    numbers: Sequence[int]
    forms: Sequence[Canonical] | None = None

    @classmethod
    def plain(cls, values: Sequence[str]) -> _Texts:
        """The values as they stand."""
        return cls(values, range(len(values)))

    @classmethod
    def folded(cls, values: Sequence[str]) -> _Texts:
        """The canonical forms that differ from their values."""
        pairs = [
            (number, form)
            for number, value in enumerate(values)
            if not value.isascii() and (form := canonical(value)).text != value
        ]
        forms = [form for _, form in pairs]
        return cls([form.text for form in forms], [number for number, _ in pairs], forms)

    def only(self, chosen: Sequence[int]) -> _Texts:
        """The texts at these positions."""
        return _Texts(
            [self.values[index] for index in chosen],
            [self.numbers[index] for index in chosen],
            None if self.forms is None else [self.forms[index] for index in chosen],
        )

    def span(self, index: int, start: int, end: int) -> tuple[int, int]:
        """A span of a text as a span of its original value."""
        return (start, end) if self.forms is None else self.forms[index].span(start, end)


class Classifier:
    """A registry ready to run. Immutable; share one between threads."""

    def __init__(self, registry: Registry, *, cache_dir: Path | None = None) -> None:
        """Compile the registry, or load it from `cache_dir`. Raises `ValueError` if it cannot."""
        detectors = registry.detectors
        weak = [detector for detector in detectors if not detector.strong]
        context = sorted({word for detector in weak for word in detector.context})
        self._strong: Final = Scanner(
            [detector for detector in detectors if detector.strong],
            cache_dir,
            {_CONTEXT: phrases(context)},
        )
        self._weak: Final = Scanner(weak, cache_dir, most=_WEAK_AT_ONCE)
        self._weak_names: Final = frozenset(detector.name for detector in weak)
        self._support: Final = Support(detectors)
        self._versions: Final = dict(registry.versions)

    def classify(
        self,
        batch: Batch,
        *,
        declared: Mapping[str, str] = _NO_DECLARATION,
        evidence: Literal["all", "value"] = "all",
        deadline: float | None = None,
    ) -> Classification:
        """What `batch` holds; `evidence="value"` heeds no names and no declarations.

        `declared` maps pointers to categories; `deadline` is on `time.monotonic`. Raises
        `DetectionIncomplete` when anything was not looked at.
        """
        columns = batch.columns
        by_name = evidence == "all"
        labels = label_columns(columns) if by_name else [UNNAMED] * len(columns)
        named = [
            self._support.of_column(column, label) if by_name else frozenset()
            for column, label in zip(columns, labels, strict=True)
        ]
        found: dict[tuple[int, int], list[Finding]] = {}
        for finding in self._value_findings(columns, named, deadline):
            found.setdefault((finding.column, finding.value), []).append(finding)
        if by_name:
            for finding in _named_findings(columns, labels, declared):
                found.setdefault((finding.column, finding.value), []).append(finding)
        findings = [
            finding
            for (column, value), rivals in sorted(found.items())
            for finding in resolve(rivals, columns[column].values[value])
        ]
        if deadline is not None and time.monotonic() > deadline:
            raise DetectionIncomplete("classification did not finish within the deadline")
        return Classification(
            findings=findings,
            pointers=safe_pointers(columns, findings, declared),
            inspection=self._inspection(batch, by_name=by_name),
            declared=frozenset(declared),
            labels=[_trade_label(label) for label in labels],
        )

    def _value_findings(
        self, columns: Sequence[Column], named: Sequence[frozenset[str]], deadline: float | None
    ) -> Iterator[Finding]:
        """Matches on the values as they stand and in canonical form, graded by their support."""
        plain = [_Texts.plain(column.values) for column in columns]
        folded = [_Texts.folded(column.values) for column in columns]
        for texts in (plain, folded):
            if any(column.values for column in texts):
                yield from self._findings_in(texts, named, deadline)

    def _findings_in(
        self,
        columns: Sequence[_Texts],
        named: Sequence[frozenset[str]],
        deadline: float | None,
    ) -> Iterator[Finding]:
        scan = self._strong.scan([column.values for column in columns], deadline)
        worded: dict[int, list[int]] = {}
        for text, value in sorted(scan.signals.get(_CONTEXT, ())):
            worded.setdefault(text, []).append(value)
        chosen = [
            column if self._weak_names & names else column.only(worded.get(index, ()))
            for index, (column, names) in enumerate(zip(columns, named, strict=True))
        ]
        for match in scan.matches:
            finding = self._finding(match, columns[match.text], named[match.text])
            if finding is not None:
                yield finding
        for match in self._weak.scan([column.values for column in chosen], deadline).matches:
            finding = self._finding(match, chosen[match.text], named[match.text])
            if finding is not None and finding.verdict.treated:
                yield finding

    def _finding(self, match: Match, texts: _Texts, named: frozenset[str]) -> Finding | None:
        """The match as a finding; what is refuted and was never claimed is none."""
        detector, text = match.detector, texts.values[match.value]
        evidence = Evidence.VALUE
        if detector.name in named:
            evidence = Evidence.FIELD
        elif self._support.nearby(detector.name, text, match.start, match.end):
            evidence = Evidence.CONTEXT
        supported = evidence is not Evidence.VALUE
        verdict = detector.grade(match.verdict, supported=supported)
        if verdict.treated and not supported and _embedded(text, match.start, match.end):
            verdict = Verdict.UNKNOWN
        doubtful = verdict is Verdict.UNKNOWN and detector.level is Level.GENERAL
        if doubtful or (verdict is Verdict.REFUTED and not supported):
            return None
        start, end = texts.span(match.value, match.start, match.end)
        return Finding(
            column=match.text,
            value=texts.numbers[match.value],
            start=start,
            end=end,
            category=detector.category,
            entity=detector.entity,
            level=detector.level,
            verdict=verdict,
            score=_SCORES[verdict],
            detector=detector.name,
            evidence=evidence,
        )

    def _inspection(self, batch: Batch, *, by_name: bool) -> Inspection:
        names = {"fields": FIELDS_VERSION} if by_name else {}
        return Inspection(
            bytes=batch.source_bytes,
            cells=batch.cells,
            values=sum(len(column.values) for column in batch.columns),
            detectors=self._versions | names,
        )


def _trade_label(named: ColumnLabel) -> str:
    return named.label.category if named.label is not None and not named.label.personal else ""


def _named_findings(
    columns: Sequence[Column], labels: Sequence[ColumnLabel], declared: Mapping[str, str]
) -> Iterator[Finding]:
    """What names and the data contract say, whatever the values look like."""
    for index, (column, named) in enumerate(zip(columns, labels, strict=True)):
        if named.label is not None and named.label.personal:
            yield from field_findings(index, column, named.label)
        category = declared.get(column.pointer)
        if category is not None and level_of(category) is not Level.GENERAL:
            yield from _declared_findings(index, column, category)


def _declared_findings(index: int, column: Column, category: str) -> Iterator[Finding]:
    row = CATEGORIES[category]
    for number, value in enumerate(column.values):
        if plausible("", value):
            yield Finding(
                column=index,
                value=number,
                start=0,
                end=len(value),
                category=category,
                entity=row.entity,
                level=row.level,
                verdict=Verdict.CONFIRMED,
                score=1.0,
                detector="declared",
                evidence=Evidence.DECLARED,
            )


def _embedded(text: str, start: int, end: int) -> bool:
    """Whether the span sits inside a longer word or a decimal number, so says less."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    return bool(_WORD_BEFORE.search(before) or _WORD_AFTER.match(after))


_WORD_BEFORE: Final = re.compile(r"[A-Za-z0-9_]$|[0-9]\.$")
_WORD_AFTER: Final = re.compile(r"[A-Za-z0-9_]|\.[0-9]*[1-9]")
