"""Nouns of classification: columns in, findings out.

A body is decoded once into a `Batch` of `Column`s. A column holds every cell that shares a
place (`/items/*/title`), with equal texts folded, so that detectors and operators work on
distinct values only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal

import msgspec


class Verdict(StrEnum):
    """How sure a finding is."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    UNKNOWN = "unknown"
    REFUTED = "refuted"

    __hash__ = str.__hash__  # an enumeration's own is a call of Python; these are looked up a lot

    @cached_property
    def treated(self) -> bool:
        """Whether policy must be asked about it (DESIGN rule 5)."""
        return self is Verdict.CONFIRMED or self is Verdict.LIKELY


class Level(StrEnum):
    """Statutory grade, lowest first (DSL art 21, PIPL art 28)."""

    GENERAL = "general"
    PI = "pi"
    SPI = "spi"
    IMPORTANT_CANDIDATE = "important_candidate"
    IMPORTANT = "important"
    CORE = "core"

    __hash__ = str.__hash__


class Evidence(StrEnum):
    """What a finding rests on."""

    VALUE = "value"  # the text itself: shape, check digits, issuer range
    FIELD = "field"  # the name of the field
    CONTEXT = "context"  # words beside the value, fields beside the field
    COLUMN = "column"  # the column's other values
    DECLARED = "declared"  # the route's data contract

    __hash__ = str.__hash__


class CellKind(StrEnum):
    """What a column's cells are in the body they came from."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    KEY = "key"

    __hash__ = str.__hash__


class Column(msgspec.Struct, frozen=True):
    """All cells of one place. `rows`, `refs` and `handles` run in parallel, one item a cell.

    `pointer` is literal except that array indices are `*` (a literal `*` key is `~2`); places
    other than the body carry a prefix: `query:`, `path:`, `header:`, `file:`, `key:`. It may
    hold a person's data when a key does: only `Classification.pointers` may leave memory.
    """

    pointer: str
    name: str  # nearest object key, CSV header or query name; "" where there is none
    kind: CellKind
    values: Sequence[str]  # distinct texts, decoded, in order of first appearance
    rows: Sequence[int]  # index of the record each cell belongs to
    refs: Sequence[int]  # index into `values`
    handles: Sequence[int]  # the codec's own name for the cell, unique in the batch


class Opaque(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """Content that nobody here can read: its media type, its length, the SHA-256 of it in hex."""

    media: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Batch:
    """One decoded body. `opaque` is what of it could not be decoded."""

    columns: Sequence[Column]
    records: int
    source_bytes: int
    opaque: Sequence[Opaque] = ()

    @property
    def cells(self) -> int:
        """How many cells the columns hold, duplicates counted."""
        return sum([len(column.refs) for column in self.columns])


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One category at one span of one distinct value.

    `start` and `end` are half-open and count code points of the decoded text. Within a value no
    two findings overlap.
    """

    column: int  # index into `Batch.columns`
    value: int  # index into `Column.values`
    start: int
    end: int
    category: str
    entity: str
    level: Level
    verdict: Verdict
    score: float  # 0..1, for people and for Presidio; decisions use `verdict`
    detector: str
    evidence: Evidence
    reason: str = ""  # code of what raised it above its category's level, "" for nothing

    def raised(self, category: str, level: Level, reason: str) -> Finding:
        """The same at another level, and why."""
        return msgspec.structs.replace(self, category=category, level=level, reason=reason)

    def over(self, value: int, start: int, end: int) -> Finding:
        """The same said of another span, maybe of another value of the column."""
        return Finding(
            self.column,
            value,
            start,
            end,
            self.category,
            self.entity,
            self.level,
            self.verdict,
            self.score,
            self.detector,
            self.evidence,
            self.reason,
        )


class Drift(msgspec.Struct, frozen=True, order=True):
    """One departure at a pointer. `category` is what was found, or declared and not there."""

    pointer: str  # safe outside memory
    kind: Literal["undeclared", "contradicted"]
    category: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """Proof of complete inspection: what was looked at, and with what."""

    bytes: int
    cells: int
    values: int
    detectors: Mapping[str, str]  # detector -> version
    skipped: int = 0  # anything but 0 means the export is refused


@dataclass(frozen=True, slots=True)
class Classification:
    """The findings of one batch and the proof that nothing was left out."""

    findings: Sequence[Finding]  # ordered by (column, value, start)
    pointers: Sequence[str]  # per column, safe outside memory: keys with findings are `*`
    inspection: Inspection
    declared: frozenset[str] = field(default_factory=frozenset)  # pointers in the data contract
    labels: Sequence[str] = ()  # per column, the `biz_*` category its name tells, "" for none
    drift: Sequence[Drift] = ()  # where the data departs from the contract


class DetectionIncomplete(Exception):
    """A detector failed or was late, so what the batch holds is not known."""


class NotAlike(Exception):
    """Records that were to be looked at together, yet each by itself, cannot be."""


class OpaqueContent(DetectionIncomplete):
    """A value carries a document that no detector can read: a picture, an archive, a PDF."""


KEY_PREFIX: Final = "key:"
MAX_OPEN_SIBLINGS: Final = 64  # above this many sibling keys, undeclared ones become `*`
