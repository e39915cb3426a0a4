"""Records grouped by what was found in them, so that policy is asked once a group.

A record's signature is the set of (pointer, category, level, verdict) found in it, plus what
was found in the places all records share (query, path, headers). Refuted findings stay out: they
are only logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from classifiers.contract import kinds
from classifiers.model import Batch, Classification, Opaque, Verdict
from policies.model import Field

MAX_SIGNATURES: Final = 32  # above this, one decision on the union holds for all


@dataclass(frozen=True, slots=True)
class Signatures:
    """Distinct signatures in order of first appearance, and which one each record has."""

    fields: Sequence[Sequence[Field]]
    assignment: Sequence[int]
    opaque: tuple[Opaque, ...] = ()  # what could not be read, of whichever record it is

    def sizes(self) -> list[int]:
        """How many records have each signature."""
        sizes = [0] * len(self.fields)
        for index in self.assignment:
            sizes[index] += 1
        return sizes


def signatures(batch: Batch, classification: Classification) -> Signatures:
    """Group the records of `batch`. A batch with no record counts as one empty record."""
    features: dict[Field, int] = {}  # field -> its bit
    masks = _masks(batch, classification, features)
    opaque = tuple(sorted(set(batch.opaque)))
    distinct = list(dict.fromkeys(masks))
    if len(distinct) > MAX_SIGNATURES:
        distinct = [reduce(or_, distinct)]
        return Signatures([_fields(distinct[0], features)], [0] * len(masks), opaque)
    index = {mask: number for number, mask in enumerate(distinct)}
    return Signatures(
        [_fields(mask, features) for mask in distinct], [index[mask] for mask in masks], opaque
    )


def signature_of_each(batch: Batch, classification: Classification) -> list[Signatures]:
    """The signatures of every record as if it were a batch of its own, all of it read."""
    features: dict[Field, int] = {}
    masks = _masks(batch, classification, features)
    known = {mask: Signatures([_fields(mask, features)], [0]) for mask in dict.fromkeys(masks)}
    return [known[mask] for mask in masks]


def _masks(batch: Batch, classification: Classification, features: dict[Field, int]) -> list[int]:
    """The bits of the fields found in each record; `features` is filled on the way."""
    masks = [0] * max(batch.records, 1)
    shared = 0
    for column, values in _marked(classification, features).items():
        where = batch.columns[column]
        for row, ref in zip(where.rows, where.refs, strict=True):
            if mask := values.get(ref, 0):
                if row < 0:
                    shared |= mask
                else:
                    masks[row] |= mask
    return [mask | shared for mask in masks]


def _marked(
    classification: Classification, features: dict[Field, int]
) -> dict[int, dict[int, int]]:
    """Column -> value -> bits of the fields found there; `features` is filled on the way."""
    marked: dict[int, dict[int, int]] = {}
    bits: dict[tuple[str, str, str, str, str], int] = {}  # of one column, by what is found
    values: dict[int, int] = {}
    at = -1
    drifts = kinds(classification.drift)
    for finding in classification.findings:
        column, verdict = finding.column, finding.verdict
        if verdict is Verdict.REFUTED:
            continue
        if column != at:
            at, bits, values = column, {}, marked.setdefault(column, {})
        says = finding.category, finding.level, verdict, finding.entity, finding.reason
        bit = bits.get(says)
        if bit is None:
            pointer = classification.pointers[column]
            field = Field(
                pointer=pointer,
                category=finding.category,
                level=finding.level,
                verdict=verdict,
                declared=pointer in classification.declared,
                entity=finding.entity,
                drift=drifts.get(pointer, "") if drifts else "",
                reason=finding.reason,
            )
            bit = bits[says] = features.setdefault(field, 1 << len(features))
        values[finding.value] = values.get(finding.value, 0) | bit
    return marked


def _fields(mask: int, features: dict[Field, int]) -> list[Field]:
    return sorted(field for field, bit in features.items() if mask & bit)
