"""Batch -> findings: values, names, declarations, one owner per character.

Pure and thread-safe: a worker process, a file job and a notebook call the same function.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from classifiers import embedded, encodings
from classifiers.canonical import SPACED
from classifiers.columns import UNNAMED, ColumnLabel, label_columns
from classifiers.expression import marker, phrase
from classifiers.model import (
    Batch,
    CellKind,
    Classification,
    Column,
    DetectionIncomplete,
    Evidence,
    Finding,
    Inspection,
    Level,
    Verdict,
)
from classifiers.naming import embedded_findings, named_findings
from classifiers.overlap import resolve
from classifiers.pointers import safe_pointers
from classifiers.registry import Registry
from classifiers.scanner import Match, Scanner
from classifiers.shown import shown
from classifiers.support import NO_HINTS, Hints, Support
from classifiers.text.prose import ProseClassifier
from classifiers.texts import Texts

FIELDS_VERSION: Final = "1"  # of the field-name lexicon, in the proof of inspection
_SCORES: Final[Mapping[Verdict, float]] = MappingProxyType(
    {Verdict.CONFIRMED: 0.99, Verdict.LIKELY: 0.75, Verdict.UNKNOWN: 0.3, Verdict.REFUTED: 0.0}
)
_COMMON_AT_ONCE: Final = 24  # patterns in one database: it sees few values and compiles soon
# Signals; context words are signals of their own name, so these are no words.
_ENCODED: Final = "<encoded>"
_SPACED: Final = "<spaced>"
_FIELDS: Final = "<fields>"
_NO_DECLARATION: Final[Mapping[str, str]] = MappingProxyType({})


class Classifier:
    """A registry ready to run. Immutable; share one between threads."""

    def __init__(
        self,
        registry: Registry,
        *,
        cache_dir: Path | None = None,
    ) -> None:
        """Compile the registry, or load it from `cache_dir`. Raises `ValueError` if it cannot."""
        detectors = registry.detectors
        rare = [part for item in detectors if (part := item.part(rare=True))]
        common = [part for item in detectors if (part := item.part(rare=False))]
        speaks: dict[str, list[str]] = {}
        for detector in common:
            for word in detector.context:
                speaks.setdefault(word, []).append(detector.name)
        self._speaks: Final = speaks  # context word -> the detectors it speaks for
        signals = {
            **{word: [phrase(word)] for word in speaks},
            _ENCODED: [marker(source) for source in encodings.SIGNALS],
            _SPACED: [marker(SPACED)],
            _FIELDS: [marker(embedded.SIGNAL)],
        }
        self._rare: Final = Scanner(rare, cache_dir, signals)
        self._common: Final = Scanner(common, cache_dir, most=_COMMON_AT_ONCE)
        self._common_names: Final = frozenset(detector.name for detector in common)
        self._identifiers: Final = [item for item in common if item.level is not Level.GENERAL]
        self._support: Final = Support(detectors)
        self._versions: Final = {detector.name: detector.version for detector in detectors}
        self._text: Final = ProseClassifier(registry.engines) if registry.engines else None

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
        hints = [
            self._hints(column, label) if by_name else NO_HINTS
            for column, label in zip(columns, labels, strict=True)
        ]
        found: dict[tuple[int, int], list[Finding]] = {}
        for finding in self._value_findings(columns, hints, deadline, by_name=by_name):
            found.setdefault((finding.column, finding.value), []).append(finding)
        if by_name:
            for finding in named_findings(columns, labels, declared):
                found.setdefault((finding.column, finding.value), []).append(finding)
        if by_name and self._text is not None:
            for finding in self._text.findings(columns, labels, found, deadline):
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

    def _hints(self, column: Column, label: ColumnLabel) -> Hints:
        """What a column's name says; where it says nothing, what its check digits show."""
        hints = self._support.of_column(column, label)
        if label.label is not None or hints.names or column.kind is CellKind.KEY:
            return hints
        return replace(hints, shown=shown(self._identifiers, column.values))

    def _value_findings(
        self,
        columns: Sequence[Column],
        hints: Sequence[Hints],
        deadline: float | None,
        *,
        by_name: bool,
    ) -> Iterator[Finding]:
        """Matches on the values as they stand, in canonical form and decoded."""
        plain = [Texts.plain(column.values) for column in columns]
        findings, signals = self._findings_in(plain, hints, deadline)
        yield from findings
        if by_name:
            yield from embedded_findings(plain, signals[_FIELDS])
        spaced, encoded = _by_text(signals[_SPACED]), _by_text(signals[_ENCODED])
        hidden = [
            Texts.hidden(column.values, spaced.get(index, ()), encoded.get(index, ()))
            for index, column in enumerate(columns)
        ]
        if any(texts.values for texts in hidden):
            findings, signals = self._findings_in(hidden, hints, deadline)
            yield from findings
            if by_name:
                yield from embedded_findings(hidden, signals[_FIELDS])

    def _findings_in(
        self, columns: Sequence[Texts], hints: Sequence[Hints], deadline: float | None
    ) -> tuple[list[Finding], Mapping[str, set[tuple[int, int]]]]:
        """Findings in `columns`, and what signalled that a value needs another look."""
        scan = self._rare.scan([column.values for column in columns], deadline)
        findings: list[Finding] = []
        settled: set[tuple[int, int]] = set()
        for match in scan.matches:
            finding = self._finding(match, columns[match.text], hints[match.text])
            if finding is not None:
                if finding.verdict.treated and match.whole:
                    settled.add((match.text, match.value))
                findings.append(finding)
        worded = self._worded(scan.signals)
        by_text = _by_text(worded)
        chosen = [
            column.only(
                [
                    value
                    for value in self._supported(len(column.values), hint, by_text.get(index, ()))
                    if (index, value) not in settled
                ]
            )
            for index, (column, hint) in enumerate(zip(columns, hints, strict=True))
        ]

        def wanted(detector: str, text: int, value: int) -> bool:
            if detector in hints[text].names or detector in hints[text].shown:
                return True
            position = chosen[text].positions[value]
            return hints[text].words and detector in worded.get((text, position), ())

        texts = [column.values for column in chosen]
        for match in self._common.scan(texts, deadline, wanted).matches:
            finding = self._finding(match, chosen[match.text], hints[match.text])
            if finding is not None and finding.verdict.treated:
                findings.append(finding)
        return findings, scan.signals

    def _worded(
        self, signals: Mapping[str, set[tuple[int, int]]]
    ) -> dict[tuple[int, int], set[str]]:
        """(text, value) -> the detectors that a word in it speaks for."""
        found: dict[tuple[int, int], set[str]] = {}
        for word, places in signals.items():
            for place in places if word in self._speaks else ():
                found.setdefault(place, set()).update(self._speaks[word])
        return found

    def _supported(self, count: int, hints: Hints, worded: Collection[int]) -> Iterable[int]:
        """The values of a column in which common shapes are worth a look."""
        named = hints.shown or not self._common_names.isdisjoint(hints.names)
        return range(count) if named else sorted(worded)

    def _finding(self, match: Match, texts: Texts, hints: Hints) -> Finding | None:
        """The match as a finding; what is refuted and was never claimed is none."""
        detector, text = match.detector, texts.values[match.value]
        if detector.words and not hints.words:
            return None
        evidence = Evidence.VALUE
        if detector.name in hints.names:
            evidence = Evidence.FIELD
        elif detector.name in hints.shown:
            evidence = Evidence.COLUMN
        elif hints.words and self._support.nearby(detector.name, text, match.start, match.end):
            evidence = Evidence.CONTEXT
        supported = evidence is not Evidence.VALUE
        verdict = detector.grade(match.verdict, supported=supported)
        if verdict.treated and _embedded(text, match.start, match.end, paths=not detector.strong):
            rare = detector.strong and supported
            if not rare and not self._support.glued(detector.name, text, match.start):
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
        if by_name and self._text is not None:
            names |= self._text.versions
        return Inspection(
            bytes=batch.source_bytes,
            cells=batch.cells,
            values=sum(len(column.values) for column in batch.columns),
            detectors=self._versions | names,
        )


def _trade_label(named: ColumnLabel) -> str:
    return named.label.category if named.label is not None and not named.label.personal else ""


def _by_text(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for text, value in pairs:
        found.setdefault(text, set()).add(value)
    return found


def _embedded(text: str, start: int, end: int, *, paths: bool) -> bool:
    """Whether the span sits inside a longer word, a decimal number or (`paths`) a path."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    if paths and (before.endswith("/") or after.startswith("/")):
        return True
    return bool(_WORD_BEFORE.search(before) or _WORD_AFTER.match(after))


_WORD_BEFORE: Final = re.compile(r"[A-Za-z0-9_]$|[0-9]\.$")
_WORD_AFTER: Final = re.compile(r"[A-Za-z0-9_]|\.[0-9]*[1-9]")
