"""Findings that names and the data contract give, whatever the values look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from classifiers import embedded
from classifiers.canonical import Canonical
from classifiers.columns import ColumnLabel, field_findings
from classifiers.model import Column, Evidence, Finding, Level, Verdict
from classifiers.plausible import plausible
from classifiers.taxonomy import CATEGORIES, level_of

_NOTHING: Final[Mapping[int, Sequence[Finding]]] = MappingProxyType({})


def named_findings(
    columns: Sequence[Column],
    labels: Sequence[ColumnLabel],
    declared: Mapping[str, str],
    found: Mapping[int, Mapping[int, Sequence[Finding]]],
) -> Iterator[Finding]:
    """What names and the data contract say, whatever the values look like.

    What must yield to what was `found` in the values already, by column and value, is left out.
    """
    for index, (column, named) in enumerate(zip(columns, labels, strict=True)):
        if named.label is not None and named.label.personal:
            yield from field_findings(index, column, named.label, found.get(index, _NOTHING))
        category = declared.get(column.pointer)
        if category is not None and level_of(category) is not Level.GENERAL:
            yield from _declared_findings(index, column, category)


def _declared_findings(index: int, column: Column, category: str) -> Iterator[Finding]:
    row = CATEGORIES[category]
    for number, value in enumerate(column.values):
        if plausible("", value):
            yield Finding(
                column=index,
                value=number,
                start=0,
                end=len(value),
                category=category,
                entity=row.entity,
                level=row.level,
                verdict=Verdict.CONFIRMED,
                score=1.0,
                detector="declared",
                evidence=Evidence.DECLARED,
            )


def embedded_findings(
    column: int, value: int, text: str, form: Canonical | None
) -> Iterator[Finding]:
    """Personal fields of JSON, XML and query strings inside a value's `text`."""
    for field in embedded.embedded_fields(text):
        span = (field.start, field.end) if form is None else form.span(field.start, field.end)
        yield field.label.finding(column, value, *span)
