"""Batch -> findings: values, names, declarations, one owner per character.

Pure and thread-safe: a worker process, a file job and a notebook call the same function.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from classifiers.canonical import Canonical, canonical
from classifiers.columns import ColumnLabel, field_findings, label_columns
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
from classifiers.taxonomy import CATEGORIES, level_of

FIELDS_VERSION: Final = "1"  # of the field-name lexicon, in the proof of inspection
_SCORES: Final[Mapping[Verdict, float]] = MappingProxyType(
    {Verdict.CONFIRMED: 0.99, Verdict.LIKELY: 0.75, Verdict.UNKNOWN: 0.3, Verdict.REFUTED: 0.0}
)
_BEFORE: Final = 40  # characters of a value looked at for context words
_AFTER: Final = 20
_NO_DECLARATION: Final[Mapping[str, str]] = MappingProxyType({})


class Classifier:
    """A registry ready to run. Immutable; share one between threads."""

    def __init__(self, registry: Registry, *, cache_dir: Path | None = None) -> None:
        """Compile the registry, or load it from `cache_dir`. Raises `ValueError` if it cannot."""
        self._scanner: Final = Scanner(registry, cache_dir)
        self._versions: Final = dict(registry.versions)
        self._context: Final = {
            detector.name: _context_finder(detector.context) for detector in registry.detectors
        }

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
        labels = label_columns(columns) if by_name else [ColumnLabel(None, "")] * len(columns)
        found: dict[tuple[int, int], list[Finding]] = {}
        for finding in self._value_findings(columns, labels, deadline):
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
        self, columns: Sequence[Column], labels: Sequence[ColumnLabel], deadline: float | None
    ) -> Iterator[Finding]:
        """Matches on the values as they stand and in canonical form, graded by their hints."""
        for match in self._scanner.scan([column.values for column in columns], deadline):
            text = columns[match.text].values[match.value]
            finding = self._finding(match, text, labels[match.text].hint, match.value)
            if finding is not None:
                yield finding
        forms = [_canonical_forms(column.values) for column in columns]
        texts = [[form.text for _, form in column] for column in forms]
        for match in self._scanner.scan(texts, deadline) if any(texts) else ():
            number, form = forms[match.text][match.value]
            finding = self._finding(match, form.text, labels[match.text].hint, number)
            if finding is not None:
                start, end = form.span(match.start, match.end)
                yield replace(finding, start=start, end=end)

    def _finding(self, match: Match, text: str, hint: str, value: int) -> Finding | None:
        """The match as a finding; what is refuted and was never claimed is none."""
        detector = match.detector
        supported, evidence = self._support(match, text, hint)
        verdict = detector.grade(match.verdict, supported=supported)
        if verdict is Verdict.REFUTED and not supported:
            return None
        if verdict.treated and not supported and _embedded(text, match.start, match.end):
            verdict = Verdict.UNKNOWN
        return Finding(
            column=match.text,
            value=value,
            start=match.start,
            end=match.end,
            category=detector.category,
            entity=detector.entity,
            level=detector.level,
            verdict=verdict,
            score=_SCORES[verdict],
            detector=detector.name,
            evidence=evidence,
        )

    def _support(self, match: Match, text: str, hint: str) -> tuple[bool, Evidence]:
        """Whether a field name or a word nearby says what the match is."""
        if hint and hint in match.detector.fields:
            return True, Evidence.FIELD
        nearby = text[max(match.start - _BEFORE, 0) : match.start] + " "
        nearby += text[match.end : match.end + _AFTER]
        if self._context[match.detector.name](nearby):
            return True, Evidence.CONTEXT
        return False, Evidence.VALUE

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


def _canonical_forms(values: Sequence[str]) -> list[tuple[int, Canonical]]:
    """(value, canonical form) of the values whose canonical form differs."""
    return [
        (number, form)
        for number, value in enumerate(values)
        if not value.isascii() and (form := canonical(value)).text != value
    ]


def _embedded(text: str, start: int, end: int) -> bool:
    """Whether the span sits inside a longer word or a decimal number, so says less."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    return bool(_WORD_BEFORE.search(before) or _WORD_AFTER.match(after))


def _context_finder(words: Sequence[str]) -> Callable[[str], object]:
    """Finds one of `words` in a text; Latin words only whole."""
    if not words:
        return lambda _: None
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    other = "|".join(re.escape(word) for word in words if not word.isascii())
    parts = [rf"(?<![a-z])(?:{latin})(?![a-z])"] * bool(latin) + [other] * bool(other)
    return re.compile("|".join(parts), re.IGNORECASE).search


_WORD_BEFORE: Final = re.compile(r"[A-Za-z0-9_]$|[0-9]\.$")
_WORD_AFTER: Final = re.compile(r"[A-Za-z0-9_]|\.[0-9]*[1-9]")
