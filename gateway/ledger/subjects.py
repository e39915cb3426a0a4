"""Whose data a batch holds: per record the persons, as keyed hashes, and the fields they own.

A slot is a place for persons in a record: one that the route declares, an object that holds
identifiers, or a text with identifiers in it. In a slot the identifier with the most distinct
values decides, the stronger one on a tie: an object with a phone and an e-mail address is one
person, one with three phones is three. In doubt a person counts twice, never two as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from msgspec import Struct

from classifiers.model import KEY_PREFIX, Batch, CellKind, Classification, Column, Finding, Level
from classifiers.overlap import fills
from gateway.ledger.identifiers import STRENGTH, Hasher, fold, kind_of

SHARED_ROW: Final = -1  # what stands outside the body belongs to every record
_PERSONAL: Final = frozenset((Level.PI, Level.SPI))
_NO_ROWS: Final[frozenset[int]] = frozenset()
_NAME: Final = "name"
_ADDRESS: Final = "address"
_BIRTH: Final = "birth"
_OF_PERSONS: Final = frozenset(("pi_basic", "pi_delivery", "spi_minor_u14"))


class Subject(Struct, frozen=True, gc=False):
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
    personal: dict[int, list[Finding]] = defaultdict(list)
    for finding in classification.findings:
        if finding.verdict.treated and finding.level in _PERSONAL:
            personal[finding.column].append(finding)
    reader.read_declared(
        [[{root + pointer for root in roots} for pointer in person] for person in declared],
        personal,
    )
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


class _Named(Struct):
    """The folded names, addresses and birth dates that fill cells of one object in one record."""

    names: dict[str, None]
    parts: dict[str, list[str]]


class _Reader:
    """Identifiers, names and addresses gathered column by column, read out record by record."""

    def __init__(self, batch: Batch, hasher: Hasher) -> None:
        self._columns = batch.columns
        self._hasher = hasher
        self._slots: list[tuple[_Kind, str]] = []
        self._numbers: dict[tuple[_Kind, str], int] = {}
        self._found: dict[int, list[tuple[int, int, bytes]]] = defaultdict(list)  # slot, rank, key
        self._declared: frozenset[int] = frozenset()  # records with a declared person
        self._named: dict[int, dict[str, _Named]] = defaultdict(dict)
        self._personal: set[int] = set()  # records with personal information and no declared person

    def read_declared(
        self,
        declared: Sequence[Sequence[Collection[str]]],
        personal: Mapping[int, Sequence[Finding]],
    ) -> None:
        """Per person and identifier, strongest first, the pointers it may have. Comes first.

        What an identifier is found to be (`personal`: findings by column) makes it one on all
        routes; what is found to be nothing is an account of this route.
        """
        for identifiers in declared:
            columns = [
                (rank, number)
                for rank, pointers in enumerate(identifiers)
                for number, column in enumerate(self._columns)
                if column.pointer in pointers and column.kind is not CellKind.KEY
            ]
            if not columns:
                continue
            slot = len(self._slots)  # two declared persons may share an object
            self._slots.append((_Kind.DECLARED, _object_of(self._columns[columns[0][1]])))
            for rank, number in columns:
                column = self._columns[number]
                found = {
                    finding.value: (finding.category, finding.entity)
                    for finding in personal.get(number, ())
                    if _whole(column, finding)
                }
                keys = enumerate(
                    self._hasher.identifier(text, *found.get(value, ("", "")))
                    for value, text in enumerate(column.values)
                )
                self._note(column, slot, rank, {n: [key] for n, key in keys if key is not None})
        self._declared = frozenset(self._found)

    def read_detected(self, column: Column, findings: Sequence[Finding]) -> None:
        """A column with personal information."""
        open_values = self._open_values(column)
        keys: dict[tuple[_Kind, int], dict[int, list[bytes]]] = defaultdict(dict)
        parts: dict[str, set[int]] = defaultdict(set)
        roles: dict[tuple[str, str], tuple[str | None, int | None]] = {}
        identifier = self._hasher.identifier
        for finding in findings:
            value, category, entity = finding.value, finding.category, finding.entity
            text, start, end = column.values[value], finding.start, finding.end
            whole = fills(text, start, end)
            role = roles.get((category, entity))
            if role is None:
                role = roles[category, entity] = _part(category, entity), _rank(category, entity)
            part, rank = role
            if whole and part is not None:
                parts[part].add(value)
            if rank is None or (whole and value not in open_values):
                continue
            key = identifier(text[start:end], category, entity)
            if key is not None:
                place = _Kind.OBJECT if whole else _Kind.TEXT
                keys[place, rank].setdefault(value, []).append(key)
        for (place, rank), values in keys.items():
            where = _object_of(column) if place is _Kind.OBJECT else column.pointer
            self._note(column, self._slot(place, where), rank, values)
        for part, held in parts.items():
            self._read_part(column, part, held)
        held = {finding.value for finding in findings} & open_values
        self._personal.update([row for row, value in _cells(column) if value in held])

    def persons(self, row: int, shared: Sequence[Subject] = ()) -> list[Subject]:
        """The persons of one record; one with no key where none of its data has an owner."""
        slots: dict[int, dict[int, dict[bytes, None]]] = {}
        for slot, rank, key in self._found.get(row, ()):
            ranked = slots.get(slot)
            if ranked is None:
                slots[slot] = {rank: {key: None}}
            else:
                ranked.setdefault(rank, {})[key] = None
        named = self._named.get(row, {})
        known: set[bytes] = set()
        objects: set[str] = set()
        persons: list[Subject] = []
        for slot, ranked in slots.items():
            kind, where = self._slots[slot]
            if kind is not _Kind.TEXT:
                keys = _deciding(ranked)
                weak = self._weak(named.get(where)) if len(keys) == 1 else ()
                persons += [Subject(slot, key, weak) for key in keys]
                known.update(*ranked.values())
                objects.add(where)
        if not named.keys() <= objects:
            persons += self._only_named(named, objects)
        for slot, ranked in slots.items():
            if self._slots[slot][0] is _Kind.TEXT:
                persons += [Subject(slot, key) for key in _deciding(ranked) if key not in known]
        if not persons and not shared and row in self._personal:
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

    def _open_values(self, column: Column) -> set[int]:
        """The values in records where detection has to stand in for the declaration."""
        if not self._declared:
            return set(range(len(column.values)))
        return {value for row, value in _cells(column) if row not in self._declared}

    def _note(
        self, column: Column, slot: int, rank: int, keys: Mapping[int, Sequence[bytes]]
    ) -> None:
        found = self._found
        covered = self._declared if self._slots[slot][0] is _Kind.OBJECT else _NO_ROWS
        for row, value in _cells(column):
            if value in keys and row not in covered:
                found[row] += [(slot, rank, key) for key in keys[value]]

    def _read_part(self, column: Column, part: str, held: Collection[int]) -> None:
        """Names, addresses or birth dates that fill their cells."""
        where = _object_of(column)
        folded = {value: fold(column.values[value]) for value in held}
        for row, value in _cells(column):
            if value not in folded:
                continue
            objects = self._named[row]
            named = objects.get(where)
            if named is None:
                named = objects[where] = _Named({}, {})
            if part == _NAME:
                named.names[folded[value]] = None
            elif part in named.parts:
                named.parts[part].append(folded[value])
            else:
                named.parts[part] = [folded[value]]

    def _weak(self, named: _Named | None) -> tuple[bytes, ...]:
        """The weak keys of the one person named in an object: name with address, with birth."""
        if named is None or len(named.names) != 1:
            return ()
        together = self._hasher.together
        return tuple(together(part, *named.names, *texts) for part, texts in named.parts.items())

    def _only_named(
        self, objects: Mapping[str, _Named], taken: Collection[str]
    ) -> Iterator[Subject]:
        """Persons known by name alone, in objects that have no identified person."""
        seen = {name for where in taken if where in objects for name in objects[where].names}
        for where, named in objects.items():
            for name in () if where in taken else named.names:
                if name not in seen:
                    seen.add(name)
                    yield Subject(self._slot(_Kind.OBJECT, where), None, self._weak(named))

    def _slot(self, kind: _Kind, where: str) -> int:
        number = self._numbers.get((kind, where))
        if number is None:
            number = self._numbers[kind, where] = len(self._slots)
            self._slots.append((kind, where))
        return number


def _rank(category: str, entity: str) -> int | None:
    """How strong an identifier a finding is, 0 the strongest; None where it is none."""
    kind = kind_of(category, entity)
    return None if kind is None else STRENGTH.index(kind)


def _part(category: str, entity: str) -> str | None:
    """Which part of a weak identifier a finding is, if any."""
    if category not in _OF_PERSONS or entity == "EMAIL_ADDRESS":
        return None
    if entity == "PERSON":
        return _NAME
    if entity == "DATE_OF_BIRTH":
        return _BIRTH
    return _ADDRESS if entity == "LOCATION" or entity.endswith("ADDRESS") else None


def _whole(column: Column, finding: Finding) -> bool:
    """Whether a finding fills its cell, blanks aside."""
    return fills(column.values[finding.value], finding.start, finding.end)


def _cells(column: Column) -> Iterator[tuple[int, int]]:
    """Record and value of each cell."""
    return zip(column.rows, column.refs, strict=True)


def _deciding(ranked: Mapping[int, Collection[bytes]]) -> Collection[bytes]:
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
