"""Which spans of which cells are treated, and how: findings first, then their echoes.

An echo is a treated text that stands again, in the same record, where no detector found it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from msgspec import Struct

from classifiers.canonical import canonical, unusual
from classifiers.model import Batch, CellKind, Classification, Column, Finding, NotAlike
from gateway.codecs.model import Untreatable
from gateway.operators.registry import KEEP, operator, strictest
from gateway.treatment.needles import Needles, is_needle, is_strong
from gateway.treatment.rulings import SHARED, Rulings, must_treat


class KeyCellsNeeded(Untreatable):
    """A key must be treated and the batch does not say where its keys stand."""


class Mark(NamedTuple):
    """A span of a value and what is done to it."""

    start: int
    end: int
    treatment: str
    category: str
    entity: str


_new: Final = tuple.__new__  # makes a NamedTuple in half the time
_EVERYWHERE: Final[frozenset[int]] = frozenset()
Marks = tuple[Mark, ...]  # ascending, not overlapping


class Task(NamedTuple):
    """What is to be done to a value: its marks under one decision, and the cells that have them.

    `person` is whose value it is, where one of the treatments works per person.
    """

    decision: int
    column: int
    value: int
    marks: Marks
    handles: Sequence[int]
    person: str = ""


class Echo(Struct):
    """A treated text, how it is treated, and in which records it is looked for."""

    mark: Mark  # the strictest of its treatments
    everywhere: bool
    rows: set[int]

    @property
    def reach(self) -> frozenset[int]:
        """The records it is looked for in; empty for all of them."""
        return _EVERYWHERE if self.everywhere or SHARED in self.rows else frozenset(self.rows)


class Hit(NamedTuple):
    """A span at which a treated text was seen, its mark elsewhere, and the records concerned."""

    start: int
    end: int
    mark: Mark
    rows: frozenset[int]


PersonOf = Callable[[int, int], str]
_Cells = dict[tuple[int, int], tuple[list[int], list[int]]]  # (decision, value) -> rows, handles
_Found = dict[int, list[Finding]]  # value -> findings


class Marking:
    """The marks of one batch."""

    def __init__(
        self,
        batch: Batch,
        classification: Classification,
        rulings: Rulings,
        person_of: PersonOf | None = None,
        *,
        apart: bool = False,
    ) -> None:
        """Settle every finding; `person_of` says whose a cell is, by record and column.

        With `apart`, what is treated in a record is looked for in that record alone. Raises
        `KeyCellsNeeded`, `UnknownTreatment`, or `NotAlike` where a text that stands in two such
        records is not treated alike in both.
        """
        self._apart = apart
        self.echoes: dict[str, Echo] = {}  # by canonical text
        # By canonical text: its category and the records it must be gone from, empty for all.
        self.originals: dict[str, tuple[str, frozenset[int]]] = {}
        self.needles = Needles(())  # the texts of `echoes`
        self._batch = batch
        self._pointers = classification.pointers
        self._rulings = rulings
        self._person_of = person_of
        self._found: dict[int, _Found] = {}
        self._said: dict[tuple[int, int, str], str] = {}  # decision, column, category -> treatment
        for finding in classification.findings:
            if must_treat(finding):
                found = self._found.get(finding.column)
                if found is None:
                    found = self._found[finding.column] = {}
                here = found.get(finding.value)
                if here is None:
                    found[finding.value] = [finding]
                else:
                    here.append(finding)
        settled = [task for index in self._found for task in self._settled(index)]
        hits = self._hits()
        self.tasks: list[Task] = (
            [task for task in settled if task.value not in hits.get(task.column, {})]
            if hits
            else settled
        )
        for index, values in hits.items():
            self.tasks += self._echoed(index, values)

    def _settled(self, index: int) -> list[Task]:
        """One column's tasks by findings alone; the texts that go are noted in `echoes`."""
        column = self._batch.columns[index]
        if column.kind is CellKind.KEY and not column.rows:
            raise KeyCellsNeeded(f"a key at {self._pointers[index]} must be treated")
        found, by_person = self._found[index], self._person_of is not None
        tasks: list[Task] = []
        noted: list[tuple[str, Mark, Sequence[int]]] = []
        for (decision, value), (rows, handles) in self._cells(column, found).items():
            marks = self._marks(decision, index, found[value])
            task = _new(Task, (decision, index, value, marks, handles, ""))
            if by_person:
                tasks += self._by_person(task, rows)
            else:
                tasks.append(task)
            text = column.values[value]
            for mark in marks:
                if mark[2] != KEEP:
                    noted.append((text[mark[0] : mark[1]], mark, rows))
        self._note(noted)
        return tasks

    def _cells(self, column: Column, values: _Found) -> _Cells:
        """Rows and handles of a column's cells that hold one of `values`."""
        decision_of, rows, handles = self._rulings.decision_of, column.rows, column.handles
        if isinstance(column.refs, range):  # each cell has a value of its own
            return {
                (decision_of(rows[value]), value): ([rows[value]], [handles[value]])
                for value in values
            }
        cells: _Cells = {}
        for row, value, handle in zip(rows, column.refs, handles, strict=True):
            if value in values:
                at = decision_of(row), value
                found = cells.get(at)
                if found is None:
                    cells[at] = ([row], [handle])
                else:
                    found[0].append(row)
                    found[1].append(handle)
        return cells

    def _marks(self, decision: int, index: int, findings: Sequence[Finding]) -> Marks:
        pointer, said = self._pointers[index], self._said
        marks = []
        for finding in findings:
            category = finding.category
            treatment = said.get((decision, index, category))
            if treatment is None:
                treatment = self._rulings.treatment(decision, pointer, category)
                said[decision, index, category] = treatment
            marks.append(
                _new(Mark, (finding.start, finding.end, treatment, category, finding.entity))
            )
        return tuple(marks)

    def _note(self, noted: Sequence[tuple[str, Mark, Sequence[int]]]) -> None:
        """Remember treated texts, with the rows they stood in, as far as they are worth it."""
        texts = [text for text, _, _ in noted]
        for index in unusual(texts):
            texts[index] = canonical(texts[index]).text
        for needle, (_, mark, rows) in zip(texts, noted, strict=True):
            echo = self.echoes.get(needle)
            if echo is None:
                if not is_needle(needle):
                    continue
                everywhere = not self._apart and is_strong(needle)
                echo = self.echoes[needle] = Echo(mark, everywhere, set())
            elif self._apart and echo.mark[2:] != mark[2:]:
                raise NotAlike("one text is treated in two ways")
            elif echo.mark.treatment != mark.treatment and (
                strictest([echo.mark.treatment, mark.treatment]) != echo.mark.treatment
            ):
                echo.mark = mark
            if not echo.everywhere:
                echo.rows.update(rows)

    def _hits(self) -> dict[int, dict[int, list[Hit]]]:
        """Where treated texts stand besides findings, by column and value."""
        if not self.echoes:
            return {}
        self.needles = Needles(list(self.echoes))
        echoes = [(echo.mark, echo.reach) for echo in self.echoes.values()]
        self.originals = {
            text: (mark.category, reach)
            for text, (mark, reach) in zip(self.echoes, echoes, strict=True)
        }
        hits: dict[int, dict[int, list[Hit]]] = {}
        places = [self._open_values(index) for index in range(len(self._batch.columns))]
        texts = [
            column.values if values is None else [column.values[value] for value in values]
            for column, values in zip(self._batch.columns, places, strict=True)
        ]
        for index, place, start, end, needle in self.needles.hits(texts):
            values = places[index]
            value = place if values is None else values[place]
            if _clear(self._found.get(index, {}).get(value, ()), start, end):
                by_value = hits.setdefault(index, {})
                by_value.setdefault(value, []).append(Hit(start, end, *echoes[needle]))
        return hits

    def _open_values(self, index: int) -> list[int] | None:
        """A column's values in which a treated text may stand besides findings; None for all."""
        column = self._batch.columns[index]
        if column.kind is CellKind.KEY:
            return []
        found = self._found.get(index)
        if not found:
            return None
        return [
            value
            for value, text in enumerate(column.values)
            if value not in found or not _full(text, found[value])
        ]

    def _echoed(self, index: int, hits: dict[int, list[Hit]]) -> list[Task]:
        """The tasks of a column's values with hits, which may differ from record to record."""
        column = self._batch.columns[index]
        found = self._found.get(index, {})
        tasks: dict[tuple[int, int, Marks], tuple[list[int], list[int]]] = {}
        for row, value, handle in zip(column.rows, column.refs, column.handles, strict=True):
            if value in hits:
                decision = self._rulings.decision_of(row)
                marks = self._marks(decision, index, found.get(value, ()))
                marks = _joined(marks, [hit for hit in hits[value] if reached(hit.rows, row)])
                if marks:
                    rows, handles = tasks.setdefault((decision, value, marks), ([], []))
                    rows.append(row)
                    handles.append(handle)
        return [
            task
            for (decision, value, marks), (rows, handles) in tasks.items()
            for task in self._by_person(Task(decision, index, value, marks, handles), rows)
        ]

    def _by_person(self, task: Task, rows: Sequence[int]) -> list[Task]:
        """The task itself, or one for each person if a treatment of it works per person."""
        if self._person_of is None or not any(operator(m.treatment).per_person for m in task.marks):
            return [task]
        handles: dict[str, list[int]] = {}
        for row, handle in zip(rows, task.handles, strict=True):
            person = self._person_of(row, task.column)
            handles.setdefault(person, []).append(handle)
        return [task._replace(handles=own, person=person) for person, own in handles.items()]


def _full(text: str, findings: Sequence[Finding]) -> bool:
    """Whether one finding covers the whole text."""
    return findings[0].start == 0 and findings[0].end == len(text)


def reached(rows: frozenset[int], row: int) -> bool:
    """Whether a text that is looked for in `rows` is looked for in a cell of `row`."""
    return not rows or row == SHARED or row in rows


def _joined(marks: Marks, hits: Sequence[Hit]) -> Marks:
    """`marks` and those `hits` that overlap none of them; of these the longest goes first."""
    joined = list(marks)
    for start, end, mark, _ in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if _clear(joined, start, end):
            insort(joined, mark._replace(start=start, end=end))
    return tuple(joined)


def _clear(taken: Sequence[Finding | Mark], start: int, end: int) -> bool:
    """Whether none of the ascending spans `taken` overlaps the half-open `start` to `end`."""
    at = bisect_left(taken, end, key=attrgetter("start"))
    return at == 0 or taken[at - 1].end <= start
