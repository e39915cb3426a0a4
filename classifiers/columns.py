"""What columns hold by their names and their neighbours' names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from classifiers.characteristic import looks_like, speaks_for_itself
from classifiers.codes import label_by_codes
from classifiers.fields import Label, NamedField, label_named, label_of, words
from classifiers.model import CellKind, Column, Finding
from classifiers.overlap import outranks
from classifiers.plausible import plausible

# Labels that make a record one about a person, so that a lone `name` beside them is a person's.
_OF_A_PERSON: Final = frozenset(
    {"person_name", "phone", "email", "address", "birth_date", "gov_id", "marital", "gender"}
)
_NO_LABELS: Final[frozenset[str]] = frozenset()
_NOTHING_FOUND: Final[Mapping[int, Sequence[Finding]]] = MappingProxyType({})
_CONSIGNEE: Final = frozenset(
    "receiver recipient consignee shipping ship delivery addressee shou huo".split()
)
_CONSIGNEE_HAN: Final = ("收货", "收件", "寄件", "配送", "收貨", "收件")


@dataclass(frozen=True, slots=True)
class ColumnLabel:
    """A column's label. `label` is None where only `hint` may support what its values show."""

    label: Label | None
    hint: str


Place = tuple[str, str, CellKind]  # pointer, name and kind of a column
UNNAMED: Final = ColumnLabel(None, "")


def label_columns(columns: Sequence[Column]) -> list[ColumnLabel]:
    """One label per column; a weak name counts only under or beside a person's fields."""
    named = name_places([(column.pointer, column.name, column.kind) for column in columns])
    return [place.label(column) for place, column in zip(named, columns, strict=True)]


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """What a place's name says, and the labels that its siblings' names leave no doubt of."""

    field: NamedField | None
    siblings: frozenset[str]

    @property
    def doubtful(self) -> bool:
        """Whether even a few values may decide what the column is."""
        return self.field is not None and self.field.weak and not self.siblings & _OF_A_PERSON

    def label(self, column: Column) -> ColumnLabel:
        """The label of a column at this place."""
        return _settle(column, self.field, self.siblings)


def name_places(places: Sequence[Place]) -> list[NamedPlace]:
    """What the names of all places of a batch say."""
    named = [_named(*place) for place in places]
    groups: dict[str, set[str]] = {}
    for (pointer, _, _), field in zip(places, named, strict=True):
        if field is not None and not field.weak:
            groups.setdefault(_parent(pointer), set()).add(field.label.label)
    siblings = {parent: frozenset(labels) for parent, labels in groups.items()}
    return [
        NamedPlace(field, siblings.get(_parent(pointer), _NO_LABELS))
        for (pointer, _, _), field in zip(places, named, strict=True)
    ]


def field_findings(
    index: int,
    column: Column,
    label: Label,
    found: Mapping[int, Sequence[Finding]] = _NOTHING_FOUND,
) -> Iterator[Finding]:
    """A finding over every value that may be what the field's name says.

    None where a confirmed finding of no lower level, already `found` by value, owns all of it.
    """
    like = label.finding(index, 0, 0, 0)
    for number, value in enumerate(column.values):
        end = len(value)
        for rival in found.get(number, ()):
            if outranks(rival, like, end):
                break
        else:
            if plausible(label.label, value):
                yield like.over(number, 0, end)


def _named(pointer: str, name: str, kind: CellKind) -> NamedField | None:
    """The label of a column's name, read together with the object it stands in if need be."""
    if kind is CellKind.KEY or not name:
        return None
    field = label_of(name)
    if field is not None and not field.weak:
        return field
    above = _object_name(pointer)
    qualified = label_of(f"{above} {name}") if above else None
    return qualified if qualified is not None and not qualified.weak else field


def _settle(column: Column, field: NamedField | None, siblings: frozenset[str]) -> ColumnLabel:
    if field is None:
        shown = _shown(column) if column.kind is CellKind.TEXT else None
        return ColumnLabel(label_named(shown), "") if shown else UNNAMED
    label = field.label
    if field.weak and not siblings & _OF_A_PERSON and not looks_like(label.label, column.values):
        return ColumnLabel(None, label.label)
    if label.label == "address_part" and ("address" in siblings or _to_consignee(column)):
        label = replace(label, category="pi_delivery")
    return ColumnLabel(label, label.label)


def _shown(column: Column) -> str | None:
    """The label that the values of a column show whose name says nothing."""
    return speaks_for_itself(column.values) or label_by_codes(column.values)


def _to_consignee(column: Column) -> bool:
    path = column.pointer.replace("/", " ")
    return bool(_CONSIGNEE.intersection(words(path))) or any(w in path for w in _CONSIGNEE_HAN)


def _parent(pointer: str) -> str:
    return pointer.rpartition("/")[0]


def _object_name(pointer: str) -> str:
    """The nearest key above the cell's own, array indices left out; "" at the top."""
    keys = [part for part in _parent(pointer).split("/") if part and part != "*"]
    return keys[-1] if keys else ""
