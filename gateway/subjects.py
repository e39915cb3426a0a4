"""Whose data a batch holds: per record the persons, as keyed hashes, and the fields they own.

A slot is a place for persons in a record: one that the route declares, an object that holds
identifiers, or a text with identifiers in it. In a slot the identifier with the most distinct
values decides, the stronger one on a tie: an object with a phone and an e-mail address is one
person, one with three phones is three. In doubt a person counts twice, never two as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from classifiers.model import KEY_PREFIX, Batch, CellKind, Classification, Column, Finding, Level
from gateway.identifiers import STRENGTH, Hasher, kind_of

SHARED_ROW: Final = -1  # what stands outside the body belongs to every record
_PERSONAL: Final = frozenset((Level.PI, Level.SPI))
_WEAK_PARTS: Final = {"LOCATION": "address", "DATE_OF_BIRTH": "birth"}


@dataclass(frozen=True, slots=True)
class Subject:
    """One person in one record. With no key at all it is a new person in every record."""

    slot: int
    strong: bytes | None = None
    weak: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose a field is: the nearest of `levels` with a person in it, and `also` in any case."""

    levels: Sequence[frozenset[int]]
    also: frozenset[int]


@dataclass(frozen=True, slots=True)
class Subjects:
    """The persons of each record, those that all records share, and the owners by pointer."""

    records: Sequence[Sequence[Subject]]
    shared: Sequence[Subject]
    owners: Mapping[str, Sequence[Owners]]

    @property
    def unidentified(self) -> int:
        """How many persons have no identifier."""
        everyone = [*self.shared, *(subject for record in self.records for subject in record)]
        return sum(subject.strong is None and not subject.weak for subject in everyone)


def subjects(
    batch: Batch,
    classification: Classification,
    declared: Sequence[Sequence[str]],
    hasher: Hasher,
    *,
    records: str = "",
) -> Subjects:
    """The persons in `batch`.

    `declared`: per person the pointers of its identifiers within a record, strongest first;
    `records`: the route's pointer to the array of records. Where a record holds no declared
    identifier, the detected ones stand in; identifiers within texts always count.
    """
    reader = _Reader(batch, hasher)
    roots = {"", "/*", f"{records}/*"}
    for pointers in declared:
        reader.read_declared([{root + pointer for root in roots} for pointer in pointers])
    personal: dict[int, list[Finding]] = defaultdict(list)
    for finding in classification.findings:
        if finding.verdict.treated and finding.level in _PERSONAL:
            personal[finding.column].append(finding)
    for column, findings in personal.items():
        reader.read_detected(batch.columns[column], findings)
    shared = reader.persons(SHARED_ROW)
    return Subjects(
        records=[reader.persons(row, shared) for row in range(max(batch.records, 1))],
        shared=shared,
        owners=reader.owners({column: classification.pointers[column] for column in personal}),
    )


class _Kind(Enum):
    DECLARED = 1
    OBJECT = 2
    TEXT = 3


Ranked = dict[int, dict[bytes, None]]  # rank -> distinct keys, in order of appearance


class _Reader:
    """Identifiers, names and addresses gathered column by column, read out record by record."""

    def __init__(self, batch: Batch, hasher: Hasher) -> None:
        self._columns = batch.columns
        self._hasher = hasher
        self._slots: list[tuple[_Kind, str]] = []
        self._numbers: dict[tuple[_Kind, str], int] = {}
        self._found: dict[int, dict[int, Ranked]] = defaultdict(dict)
        self._names: dict[int, dict[str, dict[str, None]]] = defaultdict(dict)
        self._parts: dict[int, dict[tuple[str, str], list[str]]] = defaultdict(dict)
        self._personal_rows: set[int] = set()

    def read_declared(self, identifiers: Sequence[Collection[str]]) -> None:
        """One declared person: per identifier, strongest first, the pointers it may have."""
        columns = [
            (rank, column)
            for rank, pointers in enumerate(identifiers)
            for column in self._columns
            if column.pointer in pointers and column.kind is not CellKind.KEY
        ]
        if not columns:
            return
        slot = len(self._slots)  # two declared persons may share an object
        self._slots.append((_Kind.DECLARED, _object_of(columns[0][1])))
        for rank, column in columns:
            keys = {
                value: [key]
                for value, text in enumerate(column.values)
                if (key := self._hasher.identifier(text)) is not None
            }
            self._note(column, slot, rank, keys)

    def read_detected(self, column: Column, findings: Sequence[Finding]) -> None:
        """A column with personal information."""
        keys: dict[tuple[_Kind, int], dict[int, list[bytes]]] = defaultdict(dict)
        entities: dict[str, set[int]] = defaultdict(set)
        for finding in findings:
            text = column.values[finding.value]
            whole = not (text[: finding.start].strip() or text[finding.end :].strip())
            if whole:
                entities[finding.entity].add(finding.value)
            kind = kind_of(finding.category, finding.entity)
            if kind is None:
                continue
            key = self._hasher.identifier(
                text[finding.start : finding.end], finding.category, finding.entity
            )
            if key is not None:
                place = _Kind.OBJECT if whole else _Kind.TEXT
                keys[place, STRENGTH.index(kind)].setdefault(finding.value, []).append(key)
        for (place, rank), values in keys.items():
            where = _object_of(column) if place is _Kind.OBJECT else column.pointer
            self._note(column, self._slot(place, where), rank, values)
        self._read_weak(column, entities)
        held = {finding.value for finding in findings}
        self._personal_rows.update(
            row for row, value in zip(column.rows, column.refs, strict=True) if value in held
        )

    def persons(self, row: int, shared: Sequence[Subject] = ()) -> list[Subject]:
        """The persons of one record; one with no key where none of its data has an owner."""
        found = self._found.get(row, {})
        chosen = self._of_kind(found, _Kind.DECLARED) or self._of_kind(found, _Kind.OBJECT)
        known = {key for ranked in chosen.values() for keys in ranked.values() for key in keys}
        persons = []
        for slot, ranked in chosen.items():
            keys = _deciding(ranked)
            weak = self._weak(row, self._slots[slot][1]) if len(keys) == 1 else ()
            persons += [Subject(slot, key, weak) for key in keys]
        persons += self._only_named(row, {self._slots[slot][1] for slot in chosen})
        for slot, ranked in self._of_kind(found, _Kind.TEXT).items():
            persons += [Subject(slot, key) for key in _deciding(ranked) if key not in known]
        if not persons and not shared and row in self._personal_rows:
            persons.append(Subject(self._slot(_Kind.OBJECT, "")))
        return persons

    def owners(self, pointers: Mapping[int, str]) -> dict[str, list[Owners]]:
        """The owners of the given columns, by the pointer that may leave memory."""
        objects: dict[str, set[int]] = defaultdict(set)
        for slot, (kind, where) in enumerate(self._slots):
            if kind is not _Kind.TEXT:
                objects[where].add(slot)
        owners: dict[str, list[Owners]] = defaultdict(list)
        for number, pointer in pointers.items():
            column = self._columns[number]
            levels = [frozenset(objects[o]) for o in _around(_object_of(column)) if o in objects]
            text = self._numbers.get((_Kind.TEXT, column.pointer))
            owners[pointer].append(Owners(levels, frozenset(() if text is None else (text,))))
        return owners

    def _note(
        self, column: Column, slot: int, rank: int, keys: Mapping[int, Iterable[bytes]]
    ) -> None:
        found = self._found
        for row, value in zip(column.rows, column.refs, strict=True):
            for key in keys.get(value, ()):
                found[row].setdefault(slot, {}).setdefault(rank, {})[key] = None

    def _read_weak(self, column: Column, entities: Mapping[str, Collection[int]]) -> None:
        """Names, addresses and birth dates that fill their cells."""
        where = _object_of(column)
        for entity, values in entities.items():
            part = _WEAK_PARTS.get(entity)
            if entity != "PERSON" and part is None:
                continue
            for row, value in zip(column.rows, column.refs, strict=True):
                if value not in values:
                    continue
                if part is None:
                    self._names[row].setdefault(where, {})[column.values[value]] = None
                else:
                    self._parts[row].setdefault((where, part), []).append(column.values[value])

    def _weak(self, row: int, where: str) -> tuple[bytes, ...]:
        """The weak keys of the one person named in an object: name with address, with birth."""
        names = self._names.get(row, {}).get(where, {})
        if len(names) != 1:
            return ()
        parts = self._parts.get(row, {})
        return tuple(
            self._hasher.together(part, *names, *parts[where, part])
            for part in _WEAK_PARTS.values()
            if (where, part) in parts
        )

    def _only_named(self, row: int, taken: Collection[str]) -> Iterator[Subject]:
        """Persons known by name alone, in objects that have no identified person."""
        objects = self._names.get(row, {})
        seen = {name for where in taken for name in objects.get(where, ())}
        for where, names in objects.items():
            if where in taken:
                continue
            for name in names:
                if name not in seen:
                    seen.add(name)
                    yield Subject(self._slot(_Kind.OBJECT, where), None, self._weak(row, where))

    def _of_kind(self, found: Mapping[int, Ranked], kind: _Kind) -> dict[int, Ranked]:
        return {slot: ranked for slot, ranked in found.items() if self._slots[slot][0] is kind}

    def _slot(self, kind: _Kind, where: str) -> int:
        number = self._numbers.get((kind, where))
        if number is None:
            number = self._numbers[kind, where] = len(self._slots)
            self._slots.append((kind, where))
        return number


def _deciding(ranked: Ranked) -> Collection[bytes]:
    """The keys of the identifier with the most distinct values, the strongest on a tie."""
    if len(ranked) == 1:
        return next(iter(ranked.values()))
    return ranked[min(ranked, key=lambda rank: (-len(ranked[rank]), rank))]


def _object_of(column: Column) -> str:
    """The object a column's cells are members of; for keys, the object whose keys they are."""
    if column.kind is CellKind.KEY:
        return column.pointer.removeprefix(KEY_PREFIX)
    return _parent(column.pointer)


def _parent(pointer: str) -> str:
    """The place around a pointer; places outside the body (`query:`) have one object."""
    head, slash, _ = pointer.rpartition("/")
    if slash:
        return head
    place, colon, _ = pointer.partition(":")
    return place + colon if colon else ""


def _around(where: str) -> Iterator[str]:
    """An object and those around it, nearest first."""
    yield where
    while where and not where.endswith(":"):
        where = _parent(where)
        yield where
