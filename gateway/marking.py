"""Which spans of which cells are treated, and how: findings first, then their echoes.

An echo is a treated text that stands again, in the same record, where no detector found it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from classifiers.canonical import canonical
from classifiers.model import Batch, CellKind, Classification, Finding
from gateway.needles import Needles, is_needle, is_strong
from gateway.operators.registry import KEEP, strictest
from gateway.rulings import SHARED, Rulings, must_treat


class KeyCellsNeeded(Exception):
    """A key must be treated and the batch does not say where its keys stand."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A span of a value and what is done to it."""

    start: int
    end: int
    treatment: str
    category: str
    entity: str


@dataclass(slots=True)
class Echo:
    """A treated text, how it is treated, and in which records it is looked for."""

    mark: Mark  # the strictest of its treatments
    everywhere: bool
    rows: set[int]

    @property
    def reach(self) -> frozenset[int]:
        """The records it is looked for in; empty for all of them."""
        return frozenset(() if self.everywhere or SHARED in self.rows else self.rows)


Marks = tuple[Mark, ...]  # ascending, not overlapping
Task = tuple[int, int, int, Marks]  # decision, column, value, marks
Hit = tuple[int, int, Mark, frozenset[int]]  # span, how the text is treated, in which records


class Marking:
    """The marks of one batch."""

    def __init__(self, batch: Batch, classification: Classification, rulings: Rulings) -> None:
        """Settle every finding. Raises `KeyCellsNeeded` or `UnknownTreatment`."""
        self.echoes: dict[str, Echo] = {}  # by canonical text
        self._batch = batch
        self._pointers = classification.pointers
        self._rulings = rulings
        self._found: dict[int, dict[int, list[Finding]]] = {}
        for finding in classification.findings:
            if must_treat(finding):
                values = self._found.setdefault(finding.column, {})
                values.setdefault(finding.value, []).append(finding)
        self._marks: dict[tuple[int, int, int], Marks] = {}  # by decision, column, value
        for index in self._found:
            self._mark(index)

    def _mark(self, index: int) -> None:
        """Settle one column, once for each distinct decision and value."""
        column = self._batch.columns[index]
        if column.kind is CellKind.KEY and not column.rows:
            raise KeyCellsNeeded(f"a key at {self._pointers[index]} must be treated")
        found = self._found[index]
        echoes: dict[tuple[int, int], list[Echo]] = {}
        for row, ref in zip(column.rows, column.refs, strict=True):
            if ref not in found:
                continue
            decision = self._rulings.decision_of(row)
            if (decision, ref) not in echoes:
                marks = self._settled(decision, index, found[ref])
                self._marks[decision, index, ref] = marks
                echoes[decision, ref] = self._noted(column.values[ref], marks)
            for echo in echoes[decision, ref]:
                echo.rows.add(row)

    def _settled(self, decision: int, index: int, findings: Sequence[Finding]) -> Marks:
        pointer, treatment = self._pointers[index], self._rulings.treatment
        return tuple(
            Mark(f.start, f.end, treatment(decision, pointer, f.category), f.category, f.entity)
            for f in findings
        )

    def _noted(self, text: str, marks: Marks) -> list[Echo]:
        """The echoes of one value's treated texts, as far as they are worth looking for."""
        noted = []
        for mark in marks:
            if mark.treatment == KEEP:
                continue
            needle = canonical(text[mark.start : mark.end]).text
            echo = self.echoes.get(needle)
            if echo is None:
                if not is_needle(needle):
                    continue
                echo = self.echoes[needle] = Echo(mark, is_strong(needle), set())
            elif strictest([echo.mark.treatment, mark.treatment]) != echo.mark.treatment:
                echo.mark = mark
            noted.append(echo)
        return noted

    def _hits(self) -> dict[tuple[int, int], list[Hit]]:
        """Where the treated texts stand in all values (by column, value), findings included."""
        needles = Needles(list(self.echoes))
        echoes = [(echo.mark, echo.reach) for echo in self.echoes.values()]
        hits: dict[tuple[int, int], list[Hit]] = {}
        for index, column in enumerate(self._batch.columns):
            if column.kind is not CellKind.KEY:
                for value, start, end, needle in needles.hits(column.values):
                    hits.setdefault((index, value), []).append((start, end, *echoes[needle]))
        return hits

    def tasks(self) -> dict[Task, list[int]]:
        """The handles of all cells with marks, by what is to be done."""
        tasks: dict[Task, list[int]] = {}
        hits = self._hits()
        for index in sorted(self._found.keys() | {index for index, _ in hits}):
            column = self._batch.columns[index]
            found = self._found.get(index, {})
            for row, ref, handle in zip(column.rows, column.refs, column.handles, strict=True):
                echoes = hits.get((index, ref), ())
                if ref not in found and not echoes:
                    continue
                decision = self._rulings.decision_of(row)
                marks = self._marks.get((decision, index, ref), ())
                if echoes:
                    marks = _joined(marks, [hit for hit in echoes if reached(hit[3], row)])
                if marks:
                    tasks.setdefault((decision, index, ref, marks), []).append(handle)
        return tasks


def reached(rows: frozenset[int], row: int) -> bool:
    """Whether a text that is looked for in `rows` is looked for in a cell of `row`."""
    return not rows or row == SHARED or row in rows


def _joined(marks: Marks, hits: Sequence[Hit]) -> Marks:
    """`marks` and those `hits` that overlap none of them; of these the longest goes first."""
    joined = list(marks)
    for start, end, mark, _ in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if all(end <= other.start or other.end <= start for other in joined):
            joined.append(replace(mark, start=start, end=end))
    return tuple(sorted(joined)) if len(joined) > len(marks) else marks
