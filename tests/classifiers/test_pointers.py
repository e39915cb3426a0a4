"""No key that is data leaves memory inside a pointer."""

from __future__ import annotations

from classifiers.classify import Classifier
from classifiers.model import MAX_OPEN_SIBLINGS, Batch, CellKind, Column
from classifiers.pointers import safe_pointers
from tests.classifiers.batches import batch_of


def columns_of(*pointers: str) -> list[Column]:
    """Empty columns at these places."""
    return [Column(pointer, "", CellKind.TEXT, [], [], [], []) for pointer in pointers]


def test_ordinary_pointers_stay() -> None:
    """Field names are names."""
    pointers = ["", "/a", "/items/*/title", "query:q", "header:x-trace", "/~2", "/a~1b"]
    assert safe_pointers(columns_of(*pointers), [], ()) == pointers


def test_many_siblings_become_a_star() -> None:
    """A map keyed by person has more keys than any record has fields."""
    names = [f"u{n}" for n in range(MAX_OPEN_SIBLINGS + 1)]
    columns = columns_of("/total", *(f"/scores/{name}/value" for name in names))
    safe = safe_pointers(columns, [], ["/scores/u3"])
    assert safe[0] == "/total"
    assert set(safe[1:]) == {"/scores/*/value", "/scores/u3/value"}


def test_as_many_as_allowed_stay() -> None:
    """The limit itself is still a record."""
    columns = columns_of(*(f"/f{n}" for n in range(MAX_OPEN_SIBLINGS)))
    assert safe_pointers(columns, [], ()) == [column.pointer for column in columns]


def test_key_columns_count_without_rows() -> None:
    """A codec may give only the distinct keys; they count and are hidden all the same."""
    keys = [f"k{n}" for n in range(MAX_OPEN_SIBLINGS + 1)]
    key_column = Column("key:/m", "", CellKind.KEY, keys, (), (), ())
    assert safe_pointers([key_column, *columns_of("/m/k1")], [], ()) == ["key:/m", "/m/*"]


def test_a_key_with_a_finding_is_hidden_everywhere(classifier: Classifier) -> None:
    """Under any parent, escaped or not, in key columns too."""
    batch = batch_of([{"a@b.com": {"x": {"a@b.com": 1}}, "y": {"a@b.com": 2}}])
    pointers = classifier.classify(batch).pointers
    assert "a@b.com" not in "".join(pointers)
    assert {"/*/x/*", "/y/*", "key:/*/x"} <= set(pointers)


def test_empty_rows_do_not_hide_a_key(classifier: Classifier) -> None:
    """Keys are scanned even if the codec has not filled their cells."""
    key_column = Column("key:", "", CellKind.KEY, ["13800138000"], (), (), ())
    result = classifier.classify(Batch([key_column, *columns_of("/13800138000")], 1, 0))
    assert [finding.column for finding in result.findings] == [0]
    assert result.pointers[1] == "/*"
