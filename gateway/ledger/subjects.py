"""Whose data a batch holds: per record the persons, as keyed hashes, and the fields they own.

A slot is a place for persons in a record: one that the route declares, an object that holds
identifiers, or a text with identifiers in it. In a slot the identifier with the most distinct
values decides, the stronger one on a tie: an object with a phone and an e-mail address is one
person, one with three phones is three. In doubt a person counts twice, never two as one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from msgspec import Struct

from classifiers.model import KEY_PREFIX, Batch, CellKind, Classification, Column, Finding, Level
from classifiers.overlap import fills
from gateway.ledger.identifiers import STRENGTH, Hasher, fold_all, kind_of

SHARED_ROW: Final = -1  # what stands outside the body belongs to every record
_PERSONAL: Final = frozenset((Level.PI, Level.SPI))
_NO_ROWS: Final[frozenset[int]] = frozenset()
_NAME: Final = "name"
_ADDRESS: Final = "address"
_BIRTH: Final = "birth"
_What = tuple[str, str]  # category and entity of a finding
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
    shared, of_each = reader.everyone(max(batch.records, 1))
    return Subjects(
        records=of_each,
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
    weak: tuple[bytes, ...] = ()  # keys of the one person named: name with address, with birth


class _Note(NamedTuple):
    """Identifiers of one rank in one slot: record and key of each."""

    slot: int
    rank: int
    keys: Sequence[tuple[int, bytes]]


class _Reader:
    """Identifiers, names and addresses gathered column by column, read out record by record."""

    def __init__(self, batch: Batch, hasher: Hasher) -> None:
        self._columns = batch.columns
        self._hasher = hasher
        self._slots: list[tuple[_Kind, str]] = []
        self._numbers: dict[tuple[_Kind, str], int] = {}
        self._notes: list[_Note] = []
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
                what = [found.get(value, ("", "")) for value in range(len(column.values))]
                keys = enumerate(self._keys(list(zip(what, column.values, strict=True))))
                self._note(column, slot, rank, {n: [key] for n, key in keys if key is not None})
        self._declared = frozenset([row for note in self._notes for row, _ in note.keys])

    def read_detected(self, column: Column, findings: Sequence[Finding]) -> None:
        """A column with personal information."""
        open_values, values = self._open_values(column), column.values
        filled: dict[_What, list[int]] = {}  # values that one finding fills to the last letter
        others: list[tuple[Finding, bool]] = []  # and whether they fill theirs but for blanks
        for finding in findings:
            value, start, end = finding.value, finding.start, finding.end
            if start or end != len(values[value]):
                others.append((finding, fills(values[value], start, end)))
                continue
            held = filled.get((finding.category, finding.entity))
            if held is None:
                filled[finding.category, finding.entity] = [value]
            else:
                held.append(value)
        parts: dict[str, list[int]] = {}
        keys: dict[tuple[_Kind, int], dict[int, list[bytes]]] = {}
        for what, held in filled.items():
            if (part := _part(*what)) is not None:
                parts.setdefault(part, []).extend(held)
            if (rank := _rank(*what)) is not None:
                here = keys.setdefault((_Kind.OBJECT, rank), {})
                those = held if not self._declared else [v for v in held if v in open_values]
                texts = [values[value] for value in those]
                found = self._hasher.identifiers(texts, *what)
                here.update({v: [key] for v, key in zip(those, found, strict=True) if key})
        self._read_others(column, others, open_values, parts, keys)
        for (place, rank), noted in keys.items():
            if noted:
                where = _object_of(column) if place is _Kind.OBJECT else column.pointer
                self._note(column, self._slot(place, where), rank, noted)
        for part, those in parts.items():
            self._read_part(column, part, those)
        personal = {finding.value for finding in findings}.intersection(open_values)
        if len(personal) == len(values):
            self._personal.update(column.rows)
        else:
            self._personal.update([row for row, value in _cells(column) if value in personal])

    def _read_others(
        self,
        column: Column,
        findings: Sequence[tuple[Finding, bool]],
        open_values: Collection[int],
        parts: dict[str, list[int]],
        keys: dict[tuple[_Kind, int], dict[int, list[bytes]]],
    ) -> None:
        """Findings in texts, and those that fill their values but for blanks (True)."""
        places: list[tuple[_Kind, int, int]] = []  # rank and value
        texts: list[tuple[_What, str]] = []
        for finding, whole in findings:
            what, value = (finding.category, finding.entity), finding.value
            if whole and (part := _part(*what)) is not None:
                parts.setdefault(part, []).append(value)
            if (rank := _rank(*what)) is not None and not (whole and value not in open_values):
                places.append((_Kind.OBJECT if whole else _Kind.TEXT, rank, value))
                texts.append((what, column.values[value][finding.start : finding.end]))
        for (place, rank, value), key in zip(places, self._keys(texts), strict=True):
            if key is not None:
                keys.setdefault((place, rank), {}).setdefault(value, []).append(key)

    def everyone(self, records: int) -> tuple[list[Subject], list[list[Subject]]]:
        """Persons whom all records share, and those of each; all columns were read."""
        self._weaken()
        plain = self._plain()
        found: dict[int, list[tuple[int, int, bytes]]] = {}
        for slot, rank, keys in self._notes:
            for row, key in keys:
                if row not in plain:
                    found.setdefault(row, []).append((slot, rank, key))
        shared = self._persons(SHARED_ROW, found.get(SHARED_ROW, ()), ())
        return shared, [
            [plain[row]] if row in plain else self._persons(row, found.get(row, ()), shared)
            for row in range(records)
        ]

    def _weaken(self) -> None:
        """The weak keys of all who are named, in one go."""
        named = [
            each
            for objects in self._named.values()
            for each in objects.values()
            if len(each.names) == 1 and each.parts
        ]
        wanted = [
            (part, (*each.names, *texts)) for each in named for part, texts in each.parts.items()
        ]
        keys = iter(self._hasher.together(wanted))
        for each in named:
            each.weak = tuple(islice(keys, len(each.parts)))

    def _plain(self) -> dict[int, Subject]:
        """The one person of each record whose identifiers are all in one object, one of a rank."""
        ranks: dict[tuple[int, int], list[tuple[int, bytes]]] = {}
        for slot, rank, keys in self._notes:
            ranks.setdefault((slot, rank), []).extend(keys)
        strongest: dict[int, dict[int, bytes]] = {}  # slot -> record -> key
        others = {SHARED_ROW}  # records that it takes more to tell the persons of
        for slot, rank in sorted(ranks, reverse=True):  # the strongest of a slot comes last
            noted = ranks[slot, rank]
            of_rank = dict(noted)
            if len(of_rank) < len(noted):
                times = Counter([row for row, _ in noted])
                others.update([row for row, count in times.items() if count > 1])
            strongest.setdefault(slot, {}).update(of_rank)
        taken: set[int] = set()
        for slot, of_slot in strongest.items():
            in_text = self._slots[slot][0] is _Kind.TEXT
            others.update(of_slot if in_text else taken.intersection(of_slot))
            taken.update(of_slot)
        plain: dict[int, Subject] = {}
        for slot, of_slot in strongest.items():
            where = self._slots[slot][1]
            for row, key in of_slot.items():
                if row in others:
                    continue
                named = self._named.get(row)
                if not named:
                    plain[row] = Subject(slot, key)
                elif where in named and len(named) == 1:
                    plain[row] = Subject(slot, key, named[where].weak)
        return plain

    def _persons(
        self, row: int, found: Sequence[tuple[int, int, bytes]], shared: Sequence[Subject]
    ) -> list[Subject]:
        """The persons of one record; one with no key where none of its data has an owner."""
        slots: dict[int, dict[int, dict[bytes, None]]] = {}
        for slot, rank, key in found:
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
                weak = named[where].weak if where in named and len(keys) == 1 else ()
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

    def _open_values(self, column: Column) -> Collection[int]:
        """The values in records where detection has to stand in for the declaration."""
        if not self._declared:
            return range(len(column.values))
        return {value for row, value in _cells(column) if row not in self._declared}

    def _keys(self, told: Sequence[tuple[_What, str]]) -> list[bytes | None]:
        """The key of each text that is found to be something."""
        texts: dict[_What, list[str]] = {}
        for what, text in told:
            texts.setdefault(what, []).append(text)
        keys = {what: iter(self._hasher.identifiers(of, *what)) for what, of in texts.items()}
        return [next(keys[what]) for what, _ in told]

    def _note(
        self, column: Column, slot: int, rank: int, keys: Mapping[int, Sequence[bytes]]
    ) -> None:
        covered = self._declared if self._slots[slot][0] is _Kind.OBJECT else _NO_ROWS
        noted = [
            (row, key)
            for row, value in _cells(column)
            if value in keys and row not in covered
            for key in keys[value]
        ]
        self._notes.append(_Note(slot, rank, noted))

    def _read_part(self, column: Column, part: str, held: Sequence[int]) -> None:
        """Names, addresses or birth dates that fill their cells."""
        where = _object_of(column)
        texts = fold_all([column.values[value] for value in held])
        folded = dict(zip(held, texts, strict=True))
        for row, value in _cells(column):
            text = folded.get(value)
            if text is None:
                continue
            objects = self._named[row]
            named = objects.get(where)
            if named is None:
                named = objects[where] = _Named({}, {})
            if part == _NAME:
                named.names[text] = None
            elif part in named.parts:
                named.parts[part].append(text)
            else:
                named.parts[part] = [text]

    def _only_named(
        self, objects: Mapping[str, _Named], taken: Collection[str]
    ) -> Iterator[Subject]:
        """Persons known by name alone, in objects that have no identified person."""
        seen = {name for where in taken if where in objects for name in objects[where].names}
        for where, named in objects.items():
            for name in () if where in taken else named.names:
                if name not in seen:
                    seen.add(name)
                    yield Subject(self._slot(_Kind.OBJECT, where), None, named.weak)

    def _slot(self, kind: _Kind, where: str) -> int:
        number = self._numbers.get((kind, where))
        if number is None:
            number = self._numbers[kind, where] = len(self._slots)
            self._slots.append((kind, where))
        return number


@lru_cache(maxsize=1024)
def _rank(category: str, entity: str) -> int | None:
    """How strong an identifier a finding is, 0 the strongest; None where it is none."""
    kind = kind_of(category, entity)
    return None if kind is None else STRENGTH.index(kind)


@lru_cache(maxsize=1024)
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
