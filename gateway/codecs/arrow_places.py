"""The fields of an Arrow table as a tree, and the tree with new leaves as fields again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from gateway.codecs.model import MalformedBody
from gateway.codecs.places import escape

ARROW_OWN: Final = (b"ARROW:", b"PARQUET:")  # metadata that the formats write themselves


class Place:
    """One field at one depth: a leaf with its `text`, or a struct or list of `children`."""

    def __init__(self, field: Any, array: Any, rows: Any, pointer: str) -> None:
        """Raises `MalformedBody` for a type that cannot be read as text, or field metadata."""
        if any(not key.startswith(ARROW_OWN) for key in field.metadata or {}):
            raise MalformedBody("the schema", "metadata on a field")
        self.field, self.array, self.rows, self.pointer = field, array, rows, pointer
        self.children: list[Place] = []
        self.text: Any = None
        if pa.types.is_struct(field.type):
            inner = zip(field.type, array.flatten(), strict=True)
            self.children = [
                Place(each, child, rows, f"{pointer}/{escape(each.name)}") for each, child in inner
            ]
        elif pa.types.is_list(field.type) or pa.types.is_large_list(field.type):
            inside = rows.take(pc.list_parent_indices(array))
            each = field.type.value_field.with_name(field.name)
            self.children = [Place(each, array.flatten(), inside, f"{pointer}/*")]
        else:
            self.text = _as_text(field, array, pointer)

    def leaves(self) -> list[Place]:
        """The leaves below, in order."""
        return [self] if self.text is not None else [x for c in self.children for x in c.leaves()]

    def rebuilt(self, texts: Mapping[int, Any], names: Mapping[str, str]) -> tuple[Any, Any]:
        """Field and array with new leaf texts (by the leaf's id) and new names (by pointer)."""
        field = self.field.with_name(names.get(self.pointer, self.field.name))
        if self.text is not None:
            array = bare(texts.get(id(self), self.array))
            return field.with_type(array.type).with_nullable(
                field.nullable or id(self) in texts
            ), array
        parts = [child.rebuilt(texts, names) for child in self.children]
        if pa.types.is_struct(self.field.type):
            fields = [part[0] for part in parts]
            array = pa.StructArray.from_arrays(
                [part[1] for part in parts], fields=fields, mask=self.array.is_null()
            )
        else:
            array = _listed(self.array, *parts[0])
        return field.with_type(array.type), array


def bare(array: Any) -> Any:
    """The same values with nothing beside them: no bytes under nulls, no entry that nobody uses.

    Arrow's buffers keep both, also of a value that has just been removed, and readers show neither.
    """
    kind = array.type
    if pa.types.is_dictionary(kind):
        used = pc.unique(array.indices.drop_null())
        used = used.take(pc.sort_indices(used))
        indices = pc.index_in(array.indices, value_set=used).cast(kind.index_type)
        values = bare(array.dictionary.take(used))
        return pa.DictionaryArray.from_arrays(indices, values, ordered=kind.ordered)
    if pa.types.is_struct(kind):
        inner = [bare(child) for child in array.flatten()]
        return pa.StructArray.from_arrays(inner, fields=list(kind), mask=array.is_null())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _listed(array, kind.value_field, bare(array.flatten()))
    return array.take(pa.array(range(len(array)), pa.int64()))


def _listed(old: Any, field: Any, values: Any) -> Any:
    kind = pa.list_ if pa.types.is_list(old.type) else pa.large_list
    of = pa.ListArray if pa.types.is_list(old.type) else pa.LargeListArray
    lengths = pc.fill_null(pc.list_value_length(old), 0).cast(pa.int64())
    total = pc.cumulative_sum(lengths)
    offsets = pa.concat_arrays([pa.array([0], pa.int64()), total]).cast(
        pa.int32() if of is pa.ListArray else pa.int64()
    )
    inner = field.with_name(old.type.value_field.name)
    return of.from_arrays(offsets, values, type=kind(inner), mask=old.is_null())


def _as_text(field: Any, array: Any, pointer: str) -> Any:
    kind = field.type
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
    try:
        return pc.cast(array, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        place = pointer.count("/")
        raise MalformedBody(
            f"a column at depth {place}", f"the type {kind.id} that is no text"
        ) from None


def edited(leaf: Place, cells: Mapping[int, str | None]) -> Any:
    """The leaf with new texts by cell number; in its own type where all texts read as such."""
    present = pc.indices_nonzero(leaf.text.is_valid()).to_pylist()
    new = {present[number]: text for number, text in cells.items()}
    kind = leaf.field.type
    gone = all(text is None for text in new.values())
    if gone and not pa.types.is_dictionary(kind):
        mask = pa.array([i in new for i in range(len(leaf.array))], pa.bool_())
        return pc.if_else(mask, pa.scalar(None, kind), leaf.array)
    texts = leaf.text.to_pylist()
    for i, text in new.items():
        texts[i] = text
    array = pa.array(texts, pa.string())
    if pa.types.is_dictionary(kind):
        return array.dictionary_encode()
    try:
        typed = array.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return array
    return typed if pc.cast(typed, pa.string()).equals(array) else array  # 007 is no number
