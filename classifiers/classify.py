"""Batch -> findings: values, names, declarations, one owner per character.

Pure and thread-safe: a worker process, a file job and a notebook call the same function.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from classifiers.canonical import Canonical
from classifiers.codes import NO_CODES, Coded, coded_findings
from classifiers.columns import UNNAMED, ColumnLabel
from classifiers.contract import drift
from classifiers.grading import Grader
from classifiers.minors import mark_minors
from classifiers.model import (
    Batch,
    CellKind,
    Classification,
    Column,
    DetectionIncomplete,
    Finding,
    Inspection,
    Level,
    NotAlike,
)
from classifiers.naming import embedded_findings, named_findings
from classifiers.overlap import resolve
from classifiers.plan import Plan, Plans
from classifiers.pointers import safe_pointers
from classifiers.reader import Look, Memory, Reader
from classifiers.registry import Registry
from classifiers.scale import at_scale
from classifiers.shown import shown
from classifiers.support import NO_HINTS, Hints, Support
from classifiers.text.prose import ProseClassifier

FIELDS_VERSION: Final = "1"  # of the field-name lexicon, in the proof of inspection
_new: Final = tuple.__new__  # makes a NamedTuple in half the time
_Reading = tuple[str, Look | None, Canonical | None]  # a text, or a form of it, and what it shows
_NO_DECLARATION: Final[Mapping[str, str]] = MappingProxyType({})


class _Pending(NamedTuple):
    """A text, or a `form` of it, in which common patterns are worth a look, if of the `wanted`."""

    grader: Grader
    value: int
    text: str
    form: Canonical | None
    wanted: frozenset[str]


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
        self._reader: Final = Reader(detectors, cache_dir)
        common = self._reader.common
        self._common_names: Final = frozenset(item.name for item in common)
        self._identifiers: Final = [item for item in common if item.level is not Level.GENERAL]
        self._support: Final = Support(detectors)
        self._plans: Final = Plans(self._hints)
        self._versions: Final = MappingProxyType({item.name: item.version for item in detectors})
        self._births: Final = {item.name: item.born for item in detectors if item.born}
        self._text: Final = ProseClassifier(registry.engines) if registry.engines else None

    def warming(self) -> Iterator[None]:
        """Load what is else loaded when it is first needed, a part a step; any thread may.

        All of it takes seconds, a part up to half a second.
        """
        self._support.warm()
        yield
        if self._text is not None:
            yield from self._text.warming()

    def classify(
        self,
        batch: Batch,
        *,
        declared: Mapping[str, str] = _NO_DECLARATION,
        coded: Mapping[str, Coded] = NO_CODES,
        evidence: Literal["all", "value"] = "all",
        deadline: float | None = None,
        memory: Memory | None = None,
        on: date | None = None,
        apart: bool = False,
        persons: int | None = None,
    ) -> Classification:
        """What `batch` holds; `evidence="value"` heeds no names and no declarations.

        `declared` maps pointers to categories, `coded` to what their codes say; `deadline` is on
        `time.monotonic`; `on` is the day that ages are counted on (`classifiers.minors`). A
        `memory` of an earlier look spares reading the same texts again and never changes what is
        found. `persons`: how many the data is about; each record's own, where that is not known.
        With `apart`, each record is an export of its own, all with the same places: they
        share the work, and nothing is found that a record by itself would not show. Raises
        `DetectionIncomplete` when anything was not looked at, and `NotAlike` where records that
        are `apart` have to be looked at one by one.
        """
        columns = batch.columns
        by_name = evidence == "all"
        planned = self._plans.of_each if apart else self._plans.of
        plan = planned(columns) if by_name else _nameless(len(columns))
        labels, hints = plan.labels, plan.hints
        memory = Memory() if memory is None else memory
        found: dict[int, dict[int, list[Finding]]] = {}  # by column and value
        for finding in self._value_findings(columns, hints, memory, deadline, by_name=by_name):
            _put(found, finding)
        if by_name:
            for finding in named_findings(columns, labels, declared, found):
                _put(found, finding)
        if by_name and coded:
            for finding in coded_findings(columns, coded):
                _put(found, finding)
            declared = {where: says.category for where, says in coded.items()} | dict(declared)
        if by_name and self._text is not None:
            for finding in self._text.findings(columns, labels, found, deadline, apart=apart):
                _put(found, finding)
        findings: list[Finding] = []
        for index in sorted(found):
            values, here = columns[index].values, found[index]
            for value in sorted(here):
                rivals = here[value]
                findings += rivals if len(rivals) == 1 else resolve(rivals, values[value])
        if deadline is not None and time.monotonic() > deadline:
            raise DetectionIncomplete("classification did not finish within the deadline")
        marked = mark_minors(columns, findings, on, self._births) if by_name else findings
        if by_name and not apart:
            marked = at_scale(marked, batch.records if persons is None else persons)
        pointers = safe_pointers(columns, marked, declared)
        everything = chain.from_iterable([here.values() for here in found.values()])
        departures = drift(columns, pointers, chain.from_iterable(everything), declared)
        if apart and (marked is not findings or departures):
            raise NotAlike("a child's record raises values, or data departs from its contract")
        return Classification(
            findings=marked,
            pointers=pointers,
            drift=departures,
            inspection=self._inspection(batch, by_name=by_name),
            declared=frozenset(declared),
            labels=[_trade_label(label) for label in labels],
        )

    def _hints(self, column: Column, label: ColumnLabel) -> Hints:
        """What a column's name says; where it says nothing or trade, what its check digits show."""
        hints = self._support.of_column(column, label)
        named = label.label
        if (named and named.personal) or hints.names or column.kind is CellKind.KEY:
            return hints
        names = shown(self._identifiers, column.values, trade=named is not None)
        return replace(hints, shown=names) if names else hints

    def _value_findings(
        self,
        columns: Sequence[Column],
        hints: Sequence[Hints],
        memory: Memory,
        deadline: float | None,
        *,
        by_name: bool,
    ) -> Iterator[Finding]:
        """Matches on the values as they stand, in canonical form and decoded."""
        looks, forms = self._looked(columns, memory, deadline)
        pending: list[_Pending] = []
        for index, (column, hint) in enumerate(zip(columns, hints, strict=True)):
            names = hint.names | hint.shown if hint.shown else hint.names
            named = bool(names) and not self._common_names.isdisjoint(names)
            seen_in = list(map(looks.get, column.values))
            hidden_in = not forms.keys().isdisjoint(column.values) if forms else False
            if not (named or hidden_in or any(seen_in)):
                continue
            grader = Grader(index, hint, self._support)
            for value, look in enumerate(seen_in):
                if look is None and not (named or hidden_in):
                    continue
                text = column.values[value]
                hidden = forms.get(text) if hidden_in else None
                if look is None and hidden is None:
                    if named:
                        pending.append(_new(_Pending, (grader, value, text, None, names)))
                    continue
                readings: list[_Reading] = [(text, look, None)]
                for each in hidden or ():
                    readings.append((each.text, looks.get(each.text), each))
                for body, seen, form in readings:
                    settled = False
                    for match in seen.matches if seen else ():
                        finding = grader.finding(match, body, value, form)
                        if finding is not None:
                            settled = settled or (match.whole and finding.verdict.treated)
                            yield finding
                    if by_name and seen and seen.fields:
                        yield from embedded_findings(index, value, body, form)
                    wanted = names | seen.speaks if seen and hint.words else names
                    if wanted and not settled and (named or (seen and seen.speaks)):
                        pending.append(_new(_Pending, (grader, value, body, form, wanted)))
        yield from self._common_findings(pending, memory, deadline)

    def _looked(
        self, columns: Sequence[Column], memory: Memory, deadline: float | None
    ) -> tuple[Mapping[str, Look], Mapping[str, Sequence[Canonical]]]:
        """What the texts show by themselves, and the other forms of those that have any."""
        texts = dict.fromkeys(chain.from_iterable([column.values for column in columns]))
        looks = self._reader.look(texts, memory, deadline)
        forms = self._reader.forms(texts, memory)
        hidden = [text for text in forms if text in texts]
        self._reader.look([form.text for text in hidden for form in forms[text]], memory, deadline)
        return looks, forms

    def _common_findings(
        self, pending: Sequence[_Pending], memory: Memory, deadline: float | None
    ) -> Iterator[Finding]:
        """What common shapes say where something speaks for them."""
        self._reader.read_common([each.text for each in pending], memory, deadline)
        for grader, value, text, form, wanted in pending:
            for match in self._reader.common_matches(text, wanted, memory, deadline):
                finding = grader.finding(match, text, value, form)
                if finding is not None and finding.verdict.treated:
                    yield finding

    def _inspection(self, batch: Batch, *, by_name: bool) -> Inspection:
        return Inspection(
            bytes=batch.source_bytes,
            cells=batch.cells,
            values=sum([len(column.values) for column in batch.columns]),
            detectors=self._all_versions if by_name else self._versions,
        )

    @cached_property
    def _all_versions(self) -> Mapping[str, str]:
        """Of value detectors, the field names and the text engines."""
        engines = self._text.versions if self._text is not None else {}
        return MappingProxyType({**self._versions, "fields": FIELDS_VERSION, **engines})


def _put(found: dict[int, dict[int, list[Finding]]], finding: Finding) -> None:
    here = found.get(finding.column)
    if here is None:
        here = found[finding.column] = {}
    rivals = here.get(finding.value)
    if rivals is None:
        here[finding.value] = [finding]
    else:
        rivals.append(finding)


def _nameless(count: int) -> Plan:
    """A plan for a look that heeds no names."""
    return Plan([UNNAMED] * count, [NO_HINTS] * count)


def _trade_label(named: ColumnLabel) -> str:
    return named.label.category if named.label is not None and not named.label.personal else ""
