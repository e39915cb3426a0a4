"""What is left to work with after treatment."""

from __future__ import annotations

import json

from gateway.codecs.json import decode
from gateway.treatment.desensitize import desensitize
from gateway.treatment.utility import Utility, utility
from tests.gateway.treating import PHONE, classify, context, decision

_ROWS = [{"p": f"1380013800{i % 5}", "q": f"1380013800{i % 4}", "n": i} for i in range(10)]


def _utility(left: str, right: str) -> Utility:
    batch = decode(json.dumps(_ROWS).encode()).batch
    found = classify(batch)
    rules = decision({("/*/p", PHONE): left, ("/*/q", PHONE): right})
    treated = desensitize(batch, found, [rules], [0] * len(_ROWS), context())
    return utility(batch, found.pointers, treated.edits)


def test_pseudonyms_keep_joins_and_counts() -> None:
    """Tokens are one to one and agree between columns."""
    result = _utility("pseudonymize", "pseudonymize")
    assert [c.pointer for c in result.columns] == ["/*/p", "/*/q"]
    assert all(c.one_to_one and c.entropy_kept == 1.0 for c in result.columns)
    (join,) = result.joins
    assert (join.left, join.right, join.shared_before, join.shared_after) == ("/*/p", "/*/q", 4, 4)


def test_removed_values_leave_nothing() -> None:
    """Neither counts nor joins; a kept column is not listed."""
    result = _utility("keep", "suppress")
    (column,) = result.columns
    assert (column.pointer, column.cells, column.removed) == ("/*/q", 10, 10)
    assert (column.distinct_before, column.distinct_after) == (4, 0)
    assert (column.one_to_one, column.entropy_kept) == (False, 0.0)
    assert result.joins[0].shared_after == 0


def test_nothing_is_left_of_one_value_that_is_removed() -> None:
    """Though a column that is the same throughout has no entropy to lose."""
    batch = decode(json.dumps([{"p": "13800138000"}, {"p": "13800138000"}]).encode()).batch
    found = classify(batch)
    for treatment, left in (("suppress", 0.0), ("hash", 1.0)):
        rules = decision({("/*/p", PHONE): treatment})
        treated = desensitize(batch, found, [rules], [0, 0], context())
        (column,) = utility(batch, found.pointers, treated.edits).columns
        assert column.entropy_kept == left


def test_different_treatments_break_a_join() -> None:
    """Each side is still one to one."""
    result = _utility("hash", "encrypt")
    assert all(column.one_to_one for column in result.columns)
    assert result.joins[0].shared_after == 0


def test_nothing_changed_nothing_to_say() -> None:
    """Kept columns are not listed."""
    assert _utility("keep", "keep") == Utility([], [])
