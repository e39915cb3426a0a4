"""Whole values treated in arrays, beside the same values treated one by one."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import NotAlike
from gateway.codecs.json import decode
from gateway.treatment.desensitize import Treated, desensitize
from tests.gateway.treating import EMAIL, NAME, PHONE, classify, context, decision

_TREATMENTS = ("keep", "mask", "hash", "pseudonymize", "suppress", "suppress/record")
_PLACES = ("/items/*/p", "/items/*/q", "/items/*/name", "/items/*/m", "/owner/name", "/p")
_WAYS = {(place, kind): _TREATMENTS for place in _PLACES for kind in (PHONE, NAME, EMAIL)}
_TEXTS = st.sampled_from(
    (
        "13800138000",
        "13911112222",
        "li@x.cn",
        "欧阳小丰",
        "欧阳小丰的包裹",
        "call 13800138000",
        "13800138000 or li@x.cn",
        "",
        " ",
        "nothing",
    )
)
_RECORDS = st.lists(
    st.dictionaries(st.sampled_from(("p", "q", "name", "m")), _TEXTS, max_size=4), max_size=5
)
_DECISIONS = st.lists(
    st.fixed_dictionaries({}, optional={w: st.sampled_from(t) for w, t in _WAYS.items()}),
    min_size=1,
    max_size=3,
)


@given(items=_RECORDS, owner=_TEXTS, rules=_DECISIONS, data=st.data())
def test_the_same_as_one_by_one(
    items: list[dict[str, str]], owner: str, rules: list[dict[tuple[str, str], str]], data: Any
) -> None:
    """Edits, accounts, counts and what is looked for are those of values treated one by one."""
    body = json.dumps({"items": items, "owner": {"name": owner}, "p": owner}, ensure_ascii=False)
    batch = decode(body.encode(), records="/items").batch
    decisions = [decision(rule, restore=False) for rule in rules]
    which = st.integers(0, len(decisions) - 1)
    assignment = [data.draw(which) for _ in range(max(batch.records, 1))]
    apart = data.draw(st.booleans())
    found = classify(batch)

    def treated(*, by_person: bool) -> dict[str, Any] | str:
        person_of = (lambda row, column: "") if by_person else None
        try:
            done = desensitize(
                batch, found, decisions, assignment, context(), person_of=person_of, apart=apart
            )
        except NotAlike:
            return "not alike"
        return _told(done)

    assert treated(by_person=False) == treated(by_person=True)


def _told(treated: Treated) -> dict[str, Any]:
    """All that is said of a batch, but which of two categories one text is looked for as."""
    told = {name: getattr(treated, name) for name in Treated.__slots__}
    told["needles"] = sorted(treated.needles.texts)
    told["accounted"] = {at: [*map(tuple, spans)] for at, spans in treated.accounted.items()}
    told["originals"] = {text: rows for text, (_, rows) in treated.originals.items()}
    return told
