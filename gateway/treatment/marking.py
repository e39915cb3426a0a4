"""Which spans of which cells are treated, and how: findings first, then their echoes.

An echo is a treated text that stands again, in the same record, where no detector found it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from classifiers.model import Batch, CellKind, Classification, Column, Finding
from gateway.codecs.model import Untreatable
from gateway.operators.registry import KEEP, operator
from gateway.treatment.alike import Alike, Kind, alike, note
from gateway.treatment.echoes import Echoes, Mark
from gateway.treatment.needles import Needles
from gateway.treatment.rulings import SHARED, Rulings, must_treat


class KeyCellsNeeded(Untreatable):
    """A key must be treated and the batch does not say where its keys stand."""


_new: Final = tuple.__new__  # makes a NamedTuple in half the time
_NO_VALUES: Final[Sequence[str]] = ()
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
        # By canonical text: its category and the records it must be gone from, empty for all.
        self.originals: dict[str, tuple[str, frozenset[int]]] = {}
        self.needles = Needles(())  # the texts of `_echoes`
        self._echoes = Echoes(apart=apart)
        self._batch = batch
        self._pointers = classification.pointers
        self._rulings = rulings
        self._person_of = person_of
        self._filled: dict[int, dict[int, Kind]] = {}  # column -> values that one finding fills
        self._found: dict[int, _Found] = {}  # of other values, by column
        self._said: dict[tuple[int, int, str], str] = {}  # decision, column, category -> treatment
        self._sort_out(classification.findings)
        self.alike: list[Alike] = []
        settled: list[Task] = []
        for index in sorted(self._filled.keys() | self._found.keys()):
            if kinds := self._filled.get(index):
                self._settle_filled(index, kinds)
            if index in self._found:
                settled += self._settled(index)
        hits = self._hits()
        self.tasks: list[Task] = (
            [task for task in settled if task.value not in hits.get(task.column, {})]
            if hits
            else settled
        )
        for index, values in hits.items():
            self.tasks += self._echoed(index, values)

    def _sort_out(self, findings: Sequence[Finding]) -> None:
        """Part values that are treated whole from those that need marks of their own."""
        in_arrays = self._person_of is None and not self._rulings.restoring
        must: dict[tuple[str, str, str, str], Kind | None] = {}
        at, values, whole = -1, _NO_VALUES, False
        for finding in findings:
            what = finding.category, finding.entity, finding.verdict, finding.evidence
            try:
                kind = must[what]
            except KeyError:
                kind = must[what] = what[:2] if must_treat(finding) else None
            if kind is None:
                continue
            column, value = finding.column, finding.value
            if column != at:
                at, values = column, self._batch.columns[column].values
                whole = in_arrays and self._batch.columns[column].kind is not CellKind.KEY
                filled = self._filled.setdefault(column, {})
                found = self._found.get(column)
            if whole and finding.end == len(values[value]) and finding.start == 0:
                filled[value] = kind
                continue
            if found is None:
                found = self._found[column] = {}
            here = found.get(value)
            if here is None:
                found[value] = [finding]
            else:
                here.append(finding)

    def _settle_filled(self, index: int, kinds: Mapping[int, Kind]) -> None:
        """One column's values that are treated whole; the texts that go are noted."""
        column = self._batch.columns[index]
        for group in alike(index, column, kinds, self._rulings, self._pointers[index]):
            self.alike.append(group)
            note(group, column, self._echoes)

    def _settled(self, index: int) -> list[Task]:
        """One column's tasks by findings alone; the texts that go are noted."""
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
        found = self._echoes.note([text for text, _, _ in noted], [mark for _, mark, _ in noted])
        for echo, (_, _, rows) in zip(found, noted, strict=True):
            if echo is not None and not echo.everywhere:
                echo.rows.update(rows)

    def _hits(self) -> dict[int, dict[int, list[Hit]]]:
        """Where treated texts stand besides findings, by column and value."""
        known = self._echoes.known
        if not known:
            return {}
        self.needles = Needles(list(known))
        echoes = [(echo.mark, echo.reach) for echo in known.values()]
        self.originals = {
            text: (mark.category, reach) for text, (mark, reach) in zip(known, echoes, strict=True)
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
        filled, found = self._filled.get(index), self._found.get(index)
        if not filled and not found:
            return None
        if filled and len(filled) == len(column.values):
            return []
        return [
            value
            for value, text in enumerate(column.values)
            if not (filled and value in filled)
            and not (found and value in found and _full(text, found[value]))
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
