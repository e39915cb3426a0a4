"""The last look: outgoing bytes, decoded afresh, hold nothing that should have gone.

Run on what would be sent, with value evidence only, so that a mistake in a codec, an operator or
the plan stops the export instead of leaving.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Mapping, Sequence
from operator import itemgetter
from typing import Final

from classifiers.model import Batch, Classification, Finding
from gateway.operators.registry import KEEP
from gateway.treatment.desensitize import Span, Treated
from gateway.treatment.marking import reached
from gateway.treatment.rulings import SHARED, Rulings, must_treat
from policies.model import Decision

_NO_ROW: Final = -2  # of a key that no cell names


class ResidualFinding(Exception):
    """Something personal is left in what would be sent. Names where and what, never the value."""

    def __init__(self, pointer: str, category: str) -> None:
        super().__init__(f"{category} is left at {pointer}")
        self.pointer = pointer
        self.category = category


def residual_check(
    batch: Batch,
    classification: Classification,
    decisions: Sequence[Decision],
    assignment: Sequence[int],
    treated: Treated,
) -> None:
    """Raise `ResidualFinding` unless the outgoing `batch` is as the decisions want it.

    `classification` holds its findings on value evidence. Each must be kept by the decision for
    its place, or lie wholly inside a span that an operator wrote or that policy keeps. Outside such
    spans no cell may hold an original treated text, as `gateway.treatment.needles` understands it.
    """
    check = _Check(batch, classification, Rulings(decisions, assignment), treated)
    check.findings()
    check.originals()


class _Check:
    def __init__(
        self, batch: Batch, classification: Classification, rulings: Rulings, treated: Treated
    ) -> None:
        self._batch = batch
        self._classification = classification
        self._rulings = rulings
        self._treated = treated

    def findings(self) -> None:
        """No finding is left that no decision accounts for."""
        found: dict[int, dict[int, list[Finding]]] = {}
        for finding in self._classification.findings:
            if must_treat(finding):
                values = found.setdefault(finding.column, {})
                values.setdefault(finding.value, []).append(finding)
        for index, values in found.items():
            for decision, value in self._cells(index, values):
                for finding in values[value]:
                    self._finding(decision, finding)

    def _finding(self, decision: int, finding: Finding) -> None:
        pointer = self._public(finding.column)
        treatment = self._rulings.treatment(decision, pointer, finding.category)
        span = finding.start, finding.end
        if treatment != KEEP and not self._accounted(decision, finding.column, finding.value, span):
            raise ResidualFinding(pointer, finding.category)

    def _cells(self, index: int, values: Container[int]) -> set[tuple[int, int]]:
        """Decision and value of those of a column's cells that hold one of `values`."""
        column = self._batch.columns[index]
        if not column.rows:  # keys without cells belong to all records
            return {(SHARED, ref) for ref in range(len(column.values)) if ref in values}
        return {
            (self._rulings.decision_of(row), ref)
            for row, ref in zip(column.rows, column.refs, strict=True)
            if ref in values
        }

    def originals(self) -> None:
        """No treated text is left in the records it must be gone from.

        A key that no cell names may be any record's; there only texts that must be gone from all
        records count, since a password `password` under the key `password` is no leak.
        """
        originals = [self._treated.originals[text] for text in self._treated.needles.texts]
        found: dict[int, dict[int, list[tuple[Span, str, frozenset[int]]]]] = {}
        texts = [column.values for column in self._batch.columns]
        for index, value, start, end, needle in self._treated.needles.hits(texts):
            hits = found.setdefault(index, {})
            hits.setdefault(value, []).append(((start, end), *originals[needle]))
        for index, hits in found.items():
            self._hits(index, hits)

    def _hits(self, index: int, hits: Mapping[int, list[tuple[Span, str, frozenset[int]]]]) -> None:
        column = self._batch.columns[index]
        if not column.rows:
            cells = [(_NO_ROW, ref) for ref in hits]
        else:
            cells = [cell for cell in zip(column.rows, column.refs, strict=True) if cell[1] in hits]
        for row, ref in cells:
            decision = SHARED if row == _NO_ROW else self._rulings.decision_of(row)
            for span, category, rows in hits[ref]:
                if reached(rows, row) and not self._accounted(decision, index, ref, span):
                    raise ResidualFinding(self._public(index), category)

    def _public(self, index: int) -> str:
        pointer = self._batch.columns[index].pointer
        return self._treated.pointers.get(pointer, self._classification.pointers[index])

    def _accounted(self, decision: int, index: int, value: int, span: Span) -> bool:
        """Whether an operator wrote the span, or policy keeps it.

        A key that no cell names may stand in a record of any decision.
        """
        column = self._batch.columns[index]
        decisions = [decision] if column.rows else self._rulings.decisions
        at = column.pointer, column.values[value]
        return any(
            _within(span, self._treated.accounted.get((each, *at), ())) for each in decisions
        )


def _within(span: Span, spans: Sequence[Span]) -> bool:
    """Whether one of the ascending `spans` holds the whole of `span`."""
    at = bisect_right(spans, span[0], key=itemgetter(0))
    return at > 0 and span[1] <= spans[at - 1][1]
