"""k-anonymity over a batch."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs.json import decode
from gateway.operators.kinds import kind_of
from gateway.treatment.kanonymity import LADDERS, AnonymityOutOfReach, guard

_QUASI = {"/*/born": "DATE_OF_BIRTH", "/*/city": "LOCATION", "/*/sex": "GENDER"}
_ROW = st.fixed_dictionaries(
    {
        "born": st.dates().map(str) | st.just("x"),
        "city": st.sampled_from(["江苏省常州市天宁区", "江苏省南京市", "上海市", "?"]),
        "sex": st.sampled_from(["m", "f"]),
    },
    optional={"note": st.just("n")},
)


@given(st.lists(_ROW, min_size=1, max_size=12), st.integers(1, 5))
def test_no_group_is_smaller_than_k(rows: list[dict[str, str]], k: int) -> None:
    """Counted afresh in what leaves; records that were given up have nothing left."""
    document = decode(json.dumps(rows).encode())
    try:
        done = guard(document.batch, _QUASI, k=k, max_lost=0.3)
    except AnonymityOutOfReach:
        assert len(rows) < k
        return
    out = json.loads(document.encode(done.edits))
    groups = Counter(tuple(row[name] for name in ("born", "city", "sex")) for row in out)
    lost = (None, None, None)
    assert groups.pop(lost, 0) == len(done.lost) <= 0.3 * len(rows)
    assert min(groups.values()) >= k
    assert min(groups.values()) == done.smallest
    assert [row.get("note") for row in out] == [row.get("note") for row in rows]


def test_the_cost_is_reported_and_no_more_is_paid() -> None:
    """Years suffice here: cities stay, nobody is lost."""
    rows = [{"born": f"199{i}-0{m}-01", "city": "上海市"} for i in (1, 2) for m in (1, 2, 3)]
    document = decode(json.dumps(rows).encode())
    done = guard(document.batch, _QUASI, k=3, max_lost=0)
    assert done.steps == {"/*/born": 2, "/*/city": 0}
    assert (done.lost, done.smallest) == ([], 3)
    assert {row["born"] for row in json.loads(document.encode(done.edits))} == {"1991", "1992"}


def test_too_few_records_are_refused() -> None:
    """Two records cannot hide among three."""
    with pytest.raises(AnonymityOutOfReach, match="2 of 2"):
        guard(decode(b'[{"sex": "m"}, {"sex": "f"}]').batch, _QUASI, k=3)


@pytest.mark.parametrize(
    ("entity", "coarse"),
    [("DATE_OF_BIRTH", "1990"), ("DATE_OF_BIRTH", "1990s"), ("AGE", "30-39"), ("AGE", "90+")],
)
def test_what_a_treatment_made_coarse_is_left_alone(entity: str, coarse: str) -> None:
    """A year has no month to keep: it stays a year rather than going."""
    rows = [{"q": coarse}] * 2 + [{"q": coarse, "x": 1}]
    document = decode(json.dumps(rows).encode())
    done = guard(document.batch, {"/*/q": entity}, k=3)
    assert not done.edits
    assert LADDERS[kind_of(entity)][0](coarse) == coarse
