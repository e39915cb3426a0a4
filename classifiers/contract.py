"""Drift: where the data departs from what the route's contract (`declare`) says of it.

The contract adds to what is found and never takes away, so drift does not change a finding; it is
told of its own, for the people who keep the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from classifiers.model import CellKind, Column, Drift, Evidence, Finding
from classifiers.taxonomy import CATEGORIES

_MOST: Final = 64  # a body with more drift has another contract
# A field's name is no evidence against its contract, which says the same of it on purpose.
_OF_VALUES: Final = frozenset({Evidence.VALUE, Evidence.CONTEXT, Evidence.COLUMN})


Kind = Literal["undeclared", "contradicted"]


def kinds(departures: Iterable[Drift]) -> dict[str, Kind]:
    """How each pointer departs from the contract; where it does both, the contradiction counts."""
    found: dict[str, Kind] = {}
    for each in departures:
        if found.get(each.pointer) != "contradicted":
            found[each.pointer] = each.kind
    return found


def drift(
    columns: Sequence[Column],
    pointers: Sequence[str],
    findings: Iterable[Finding],
    declared: Mapping[str, str],
) -> list[Drift]:
    """Personal data where the contract names no field, or values other than it names.

    `findings` are all that were made, those that gave way to others too. Empty for a route without
    a contract. At most 64, by pointer.
    """
    if not declared:
        return []
    departures: set[Drift] = set()
    for finding in findings:
        column = columns[finding.column]
        if not finding.verdict.treated or not CATEGORIES[finding.category].personal:
            continue
        expected = declared.get(column.pointer)
        if expected is None and column.kind is not CellKind.KEY:
            departures.add(Drift(pointers[finding.column], "undeclared", finding.category))
        elif expected not in (None, finding.category) and finding.evidence in _OF_VALUES:
            departures.add(Drift(pointers[finding.column], "contradicted", finding.category))
    return sorted(departures)[:_MOST]
