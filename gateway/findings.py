"""Findings as people and other programs are told them: by record, without values."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct

from classifiers.contract import kinds
from classifiers.model import Batch, Classification, Finding


class Found(Struct, frozen=True, omit_defaults=True):
    """One finding. Offsets count Unicode code points of the cell's decoded string.

    `reason` is there where something raised it above its category's level, `drift` where it
    departs from the route's data contract.
    """

    pointer: str
    start: int
    end: int
    entity: str
    category: str
    level: str
    verdict: str
    score: float
    detector: str
    reason: str = ""
    drift: str = ""


class RecordFindings(Struct, frozen=True):
    """What one record holds, in the order of pointer and start."""

    record: int
    findings: list[Found]


def by_record(batch: Batch, found: Classification) -> list[RecordFindings]:
    """One item a record; what stands outside the records belongs to each."""
    of_record: dict[int, list[Found]] = defaultdict(list)
    drifts = kinds(found.drift)
    values: dict[int, dict[int, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in found.findings:
        values[finding.column][finding.value].append(finding)
    for index, by_value in values.items():
        column, pointer = batch.columns[index], found.pointers[index]
        drift = drifts.get(pointer, "")
        for row, ref in zip(column.rows, column.refs, strict=True):
            told = [_told(pointer, each, drift) for each in by_value.get(ref, ())]
            of_record[row].extend(told)
    everywhere = of_record.pop(-1, [])
    return [
        RecordFindings(
            row, sorted([*of_record[row], *everywhere], key=lambda f: (f.pointer, f.start))
        )
        for row in range(batch.records)
    ]


def _told(pointer: str, finding: Finding, drift: str) -> Found:
    return Found(
        pointer,
        finding.start,
        finding.end,
        finding.entity,
        finding.category,
        finding.level.value,
        finding.verdict.value,
        finding.score,
        finding.detector,
        finding.reason,
        drift,
    )
