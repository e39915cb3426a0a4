"""Records grouped by signature."""

from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import (
    Batch,
    CellKind,
    Classification,
    Column,
    Evidence,
    Finding,
    Inspection,
    Level,
    Verdict,
)
from gateway.export.signature import MAX_SIGNATURES, signatures


def batch_of(rows: list[set[int]], shared: set[int]) -> tuple[Batch, Classification]:
    """One column a kind of finding; `rows` says which kinds each record has."""
    kinds = sorted(set().union(shared, *rows))
    columns, findings = [], []
    for index, kind in enumerate(kinds):
        at = [row for row, has in enumerate(rows) if kind in has]
        at += [-1] if kind in shared else []
        columns.append(Column(f"/f{kind}", f"f{kind}", CellKind.TEXT, ["x"], at, [0] * len(at), at))
        findings.append(
            Finding(
                index,
                0,
                0,
                1,
                "pi_basic",
                "PERSON",
                Level.PI,
                Verdict.LIKELY,
                0.5,
                "t",
                Evidence.VALUE,
            )
        )
    pointers = [column.pointer for column in columns]
    inspection = Inspection(0, 0, 0, {})
    return Batch(columns, len(rows), 0), Classification(findings, pointers, inspection)


kinds_of_records = st.lists(st.sets(st.integers(0, 4), max_size=4), min_size=1, max_size=12)


@given(kinds_of_records, st.sets(st.integers(5, 6), max_size=1))
def test_every_record_gets_exactly_its_own_fields(rows: list[set[int]], shared: set[int]) -> None:
    """A group's fields are the record's own and those that all records share."""
    groups = signatures(*batch_of(rows, shared))
    for row, has in enumerate(rows):
        pointers = {field.pointer for field in groups.fields[groups.assignment[row]]}
        assert pointers == {f"/f{kind}" for kind in has | shared}
    assert len({tuple(fields) for fields in groups.fields}) == len(groups.fields)
    assert sum(groups.sizes()) == len(rows)


def test_too_many_signatures_become_their_union() -> None:
    """Above the limit one decision on everything found holds for all records."""
    rows = [{kind} for kind in range(MAX_SIGNATURES + 1)]
    groups = signatures(*batch_of(rows, set()))
    assert len(groups.fields) == 1
    assert len(groups.fields[0]) == MAX_SIGNATURES + 1
    assert set(groups.assignment) == {0}


def test_a_batch_without_records_is_still_decided_on() -> None:
    """An empty array, or a request with no body, asks policy once with no fields."""
    groups = signatures(*batch_of([], set()))
    assert list(groups.fields) == [[]]
    assert list(groups.assignment) == [0]
