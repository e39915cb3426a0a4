"""From parsed JSON values to columns, place by place.

All values that stand at one place are handled as one vector: a list of like-shaped objects is
transposed in C, so the cost per cell is a few appends and no per-cell object is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any, Final

from jiter import LosslessFloat

from classifiers.model import KEY_PREFIX, CellKind, Column
from gateway.codecs.model import MalformedBody

MAX_PLACES: Final = (
    20_000  # every place is a column; a body with more is a dictionary, not a record
)
MAX_POINTER: Final = 1_024  # characters
_KINDS: Final[dict[type, CellKind]] = {
    str: CellKind.TEXT,
    int: CellKind.NUMBER,
    LosslessFloat: CellKind.NUMBER,
    bool: CellKind.BOOLEAN,
}


@dataclass(slots=True)
class Member:
    """The values of one key: `at` says in which of the parent's objects, None for all."""

    key: str
    place: Place
    at: Sequence[int] | None


@dataclass(slots=True)
class Place:
    """Everything that stands at one place of a body, in document order."""

    pointer: str
    name: str
    values: Sequence[Any]
    rows: Sequence[int]
    objects: Sequence[int] = ()  # which values are objects
    arrays: Sequence[int] = ()  # which values are arrays
    members: list[Member] = field(default_factory=list)
    uniform: bool = True  # every object has the same keys in the same order
    elements: Place | None = None
    kinds: frozenset[type] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a column's cells come from: `at` indexes `place.values`, None for all of them."""

    place: Place
    at: Sequence[int] | None
    keys: bool = False  # the key tokens before the values, not the values


def escape(key: str) -> str:
    """`key` as a JSON Pointer token (RFC 6901); a literal `*` becomes `~2`."""
    if key == "*":
        return "~2"
    return key.replace("~", "~0").replace("/", "~1")


def fold(texts: Sequence[str]) -> tuple[list[str], Sequence[int]]:
    """The distinct `texts` in order of first appearance, and which of them each text is."""
    values = list(dict.fromkeys(texts))
    if len(values) == len(texts):
        return values, range(len(texts))
    number = dict(zip(values, range(len(values)), strict=True))
    return values, list(map(number.__getitem__, texts))


class Walk:
    """Columns of a tree of places, in order of first appearance, with the source of each."""

    def __init__(self, root: Place, *, items: str | None, key_cells: bool) -> None:
        """`items`: pointer of the array whose elements are the records, numbered from 0."""
        self.columns: list[Column] = []
        self.sources: list[tuple[Source, ...]] = []  # parallel to `columns`
        self.places: list[Place] = []  # parents before children
        self._items = items
        self._key_cells = key_cells
        self._handle = 0
        todo = [root]
        while todo:
            place = todo.pop()
            self.places.append(place)
            todo.extend(reversed(self._visit(place)))
            if len(self.places) + len(todo) > MAX_PLACES:
                raise MalformedBody("the whole body", f"more than {MAX_PLACES} different places")

    def _visit(self, place: Place) -> list[Place]:
        kinds = place.kinds = frozenset(map(type, place.values))
        children: list[Place] = []
        for kind in sorted(kinds, key=lambda each: each.__name__) if len(kinds) > 1 else kinds:
            at = None
            if len(kinds) > 1:
                at = [i for i, value in enumerate(place.values) if type(value) is kind]
            if kind is dict:
                children.extend(self._members(place, at))
            elif kind is list:
                children.append(self._elements(place, at))
            elif kind in _KINDS:
                self._scalars(place, kind, at)
        return children

    def _scalars(self, place: Place, kind: type, at: Sequence[int] | None) -> None:
        values, rows = place.values, place.rows
        if at is not None:
            values, rows = [values[i] for i in at], [rows[i] for i in at]
        if kind is bool:
            values = ["true" if value else "false" for value in values]
        elif kind is not str:
            values = list(map(str, values))
        texts, refs = fold(values)
        handles = range(self._handle, self._handle + len(values))
        kind_of = _KINDS[kind]
        self._add(
            Column(place.pointer, place.name, kind_of, texts, rows, refs, handles),
            (Source(place, at),),
        )

    def _add(self, column: Column, sources: tuple[Source, ...]) -> None:
        self.columns.append(column)
        self.sources.append(sources)
        self._handle += len(column.handles)

    def _members(self, place: Place, at: Sequence[int] | None) -> list[Place]:
        place.objects = range(len(place.values)) if at is None else at
        objects = place.values if at is None else [place.values[i] for i in at]
        rows = place.rows if at is None else [place.rows[i] for i in at]
        shape = tuple(objects[0])
        place.uniform = all(tuple(each) == shape for each in objects)
        if place.uniform:
            vectors = zip(*map(dict.values, objects), strict=True)
            for key, vector in zip(shape, vectors, strict=True):
                self._member(place, key, vector, rows)
        else:
            for key, (values, which) in _by_key(objects).items():
                self._member(place, key, values, [rows[i] for i in which], at=which)
        if place.members:
            self._keys(place)
        return [member.place for member in place.members]

    def _member(
        self,
        parent: Place,
        key: str,
        values: Sequence[Any],
        rows: Sequence[int],
        *,
        at: Sequence[int] | None = None,
    ) -> None:
        pointer = f"{parent.pointer}/{escape(key)}"
        if len(pointer) > MAX_POINTER:
            raise MalformedBody(f"depth {pointer.count('/')}", "a pointer too long")
        parent.members.append(Member(key, Place(pointer, key, values, rows), at))

    def _keys(self, place: Place) -> None:
        """The key column of a place's objects; its cells only if they were asked for."""
        keys = [member.key for member in place.members]
        pointer = KEY_PREFIX + place.pointer
        if not self._key_cells:
            self._add(Column(pointer, place.name, CellKind.KEY, keys, (), (), ()), ())
            return
        counts = [len(member.place.values) for member in place.members]
        rows = list(chain.from_iterable(member.place.rows for member in place.members))
        refs = list(chain.from_iterable(map(repeat, range(len(keys)), counts)))
        handles = range(self._handle, self._handle + len(rows))
        sources = tuple(Source(member.place, None, keys=True) for member in place.members)
        self._add(Column(pointer, place.name, CellKind.KEY, keys, rows, refs, handles), sources)

    def _elements(self, place: Place, at: Sequence[int] | None) -> Place:
        place.arrays = range(len(place.values)) if at is None else at
        arrays = place.values if at is None else [place.values[i] for i in at]
        values = list(chain.from_iterable(arrays))
        rows: Sequence[int]
        if place.pointer == self._items:
            rows = range(len(values))
        else:
            counts = map(len, arrays)
            each = (place.rows[i] for i in place.arrays)
            rows = list(chain.from_iterable(map(repeat, each, counts)))
        place.elements = Place(f"{place.pointer}/*", place.name, values, rows)
        return place.elements


def _by_key(objects: Iterable[dict[str, Any]]) -> dict[str, tuple[list[Any], list[int]]]:
    found: dict[str, tuple[list[Any], list[int]]] = {}
    for i, each in enumerate(objects):
        for key, value in each.items():
            entry = found.get(key)
            if entry is None:
                found[key] = ([value], [i])
            else:
                entry[0].append(value)
                entry[1].append(i)
    return found
