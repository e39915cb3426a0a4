"""Findings and decisions to edits, through the JSON codec and the residual check."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codecs.json import decode
from gateway.operators.registry import UnknownTreatment
from gateway.treatment.desensitize import KeyCellsNeeded, desensitize, needs_key_cells
from tests.gateway.treating import EMAIL, NAME, PHONE, classify, context, decision, treat


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def test_silence_suppresses() -> None:
    """What the decision does not name goes: null for a whole value, a placeholder in prose."""
    body = _dump({"phone": "13800138000", "n": 13800138000, "note": "打13800138000找我", "x": "y"})
    out, treated = treat(body)
    assert json.loads(out) == {
        "phone": None,
        "n": None,
        "note": "打<PHONE_NUMBER>找我",
        "x": "y",
    }
    assert treated.applied == {("suppress", PHONE): 3}


def test_each_place_gets_its_own_treatment() -> None:
    """Keep, mask and pseudonymize by pointer and category; several spans in one text."""
    rules = decision(
        {
            ("/a", PHONE): "keep",
            ("/b", PHONE): "mask",
            ("/c", PHONE): "pseudonymize",
            ("/c", EMAIL): "mask",
            ("/name", NAME): "mask",
        }
    )
    body = _dump(
        {"a": "13800138000", "b": "13911112222", "c": "T 13800138001 li@x.cn", "name": "张小丰"}
    )
    out, treated = treat(body, [rules])
    got = json.loads(out)
    assert got["a"] == "13800138000"
    assert got["b"] == "139****2222"
    assert got["name"] == "张*丰"
    head, token, tail = got["c"].split(" ")
    assert (head, tail) == ("T", "l***@x.cn")
    assert token.startswith("psn_1_")
    assert treated.applied[("keep", PHONE)] == 1


def test_records_follow_their_own_decision() -> None:
    """The same value is kept in one record and goes in another."""
    body = _dump([{"p": "13800138000"}, {"p": "13800138000"}])
    keeping = decision({("/*/p", PHONE): "keep"})
    out, _ = treat(body, [keeping, decision()], choose=lambda row: row)
    assert json.loads(out) == [{"p": "13800138000"}, {"p": None}]


def test_what_all_records_share_gets_the_strictest_treatment() -> None:
    """A cell outside the records is treated as the strictest decision in force wants it."""
    body = _dump({"p": "13800138000", "items": [{"x": "a"}, {"x": "b"}]})
    rules = [decision({("/p", PHONE): each}) for each in ("keep", "mask", "suppress")]
    out, _ = treat(body, rules, choose=lambda row: row, records="/items")
    assert json.loads(out)["p"] == "138****8000"


def test_echoes_in_the_same_record_are_treated_alike() -> None:
    """A name that a field gives away is found in that record's prose, not in another's."""
    body = _dump(
        [
            {"name": "欧阳小丰", "note": "欧阳小丰的包裹"},
            {"name": "李四光", "note": "给欧阳小丰，李四光收"},
        ]
    )
    out, _ = treat(body, [decision({("/*/name", NAME): "mask"})])
    assert json.loads(out) == [
        {"name": "欧**丰", "note": "欧**丰的包裹"},
        {"name": "李*光", "note": "给欧阳小丰，李*光收"},
    ]


def test_strong_echoes_are_treated_in_every_record() -> None:
    """A long number treated as a name's stand-in must be gone from all records."""
    body = _dump([{"name": "90017744123"}, {"note": "见 90017744123。"}, {"note": "1900177441239"}])
    out, _ = treat(body)
    assert json.loads(out) == [{"name": None}, {"note": "见 <PERSON>。"}, {"note": "1900177441239"}]


def test_a_kept_finding_is_no_echo() -> None:
    """Keep is said aloud: the same number kept in one field and masked in another."""
    body = _dump({"a": "13800138000", "b": "13800138000"})
    rules = decision({("/a", PHONE): "keep", ("/b", PHONE): "mask"})
    assert json.loads(treat(body, [rules])[0]) == {"a": "13800138000", "b": "138****8000"}


@pytest.mark.parametrize("name", ["1", "test", "张", "true", "aaaaaaaaaa", "10000000"])
def test_trivial_texts_do_not_echo(name: str) -> None:
    """A treated `test` does not take the word out of a product title, nor stop the export."""
    body = _dump({"name": name, "title": f"{name} {name}", "n": name})
    out, _ = treat(body)
    assert json.loads(out) == {"name": None, "title": f"{name} {name}", "n": name}


def test_keys_are_renamed_and_stay_distinct() -> None:
    """Suppressed keys are numbered; masks that collide are told apart."""
    body = _dump({"13800138000": {"a": 1}, "13811118000": {"a": 2}, "x": 3})
    out, _ = treat(body, key_cells=True)
    assert json.loads(out) == {"<PHONE_NUMBER_1>": {"a": 1}, "<PHONE_NUMBER_2>": {"a": 2}, "x": 3}
    out, _ = treat(body, [decision({("key:", PHONE): "mask"})], key_cells=True)
    assert json.loads(out) == {"138****8000": {"a": 1}, "138****8000_2": {"a": 2}, "x": 3}


def test_keys_without_cells_are_said_to_be_needed() -> None:
    """A key that must be treated is never passed over because the batch left its cells out."""
    batch = decode(b'{"13800138000": 1}').batch
    found = classify(batch)
    assert needs_key_cells(batch, found)
    with pytest.raises(KeyCellsNeeded):
        desensitize(batch, found, [decision()], [0], context())


def test_findings_under_renamed_keys_are_decided_by_their_public_pointer() -> None:
    """The residual check finds a kept value again although its pointer has changed."""
    body = _dump({"13800138000": {"p": "13911112222"}})
    rules = decision({("/13800138000/p", PHONE): "keep"})
    out, _ = treat(body, [rules], key_cells=True)
    assert json.loads(out) == {"<PHONE_NUMBER_1>": {"p": "13911112222"}}


def test_an_unknown_treatment_is_not_carried_out_as_another() -> None:
    """The export cannot be decided."""
    with pytest.raises(UnknownTreatment, match="'vanish'"):
        treat(b'{"p": "13800138000"}', [decision({("/p", PHONE): "vanish"})])


def test_dates_shift_with_their_person() -> None:
    """Two records of one person move alike, another's do not; nobody's are suppressed."""
    day = "2000-05-01"
    body = _dump([{"name": day, "p": "x"}, {"name": day}, {"name": day}, {"name": day}])
    batch = decode(body).batch
    rules = decision({("/*/name", NAME): "shift"})
    treated = desensitize(
        batch,
        classify(batch),
        [rules],
        [0] * 4,
        context(),
        person_of=lambda row, _: ("a", "b", "a", "")[row],
    )
    names = [each.get("name") for each in json.loads(decode(body).encode(treated.edits))]
    assert names[0] == names[2] != day
    assert names[1] not in {day, names[0]}
    assert names[3] == "<PERSON>"


def test_suppress_empties_span_field_or_record() -> None:
    """How far it reaches is the treatment's; other records and the records' number stay."""
    body = b'[{"p": "call 13800138000 now", "n": 1, "k": {"q": "x"}}, {"p": "no", "n": 2}]'
    for treatment, want in (
        ("suppress", [{"p": "call <PHONE_NUMBER> now", "n": 1, "k": {"q": "x"}}]),
        ("suppress/field", [{"p": None, "n": 1, "k": {"q": "x"}}]),
        ("suppress/record", [{"p": None, "n": None, "k": {"q": None}}]),
    ):
        out, _ = treat(body, [decision({("/*/p", PHONE): treatment})])
        assert json.loads(out) == [*want, {"p": "no", "n": 2}]


def test_clean_bodies_have_no_edits() -> None:
    """Nothing found, nothing written."""
    out, treated = treat(b'{ "a" : [1, 2.50] }')
    assert (out, treated.edits, treated.applied) == (b'{ "a" : [1, 2.50] }', {}, {})


_PERSON = st.sampled_from(["13800138000", "13911112222", "li@x.cn", "欧阳小丰", "12", "plain"])
_RECORD = st.fixed_dictionaries(
    {},
    optional={
        "name": _PERSON,
        "p": _PERSON,
        "note": st.lists(_PERSON, max_size=3).map(" ".join),
        "in": st.lists(_PERSON, max_size=2),
    },
)
_TREATMENT = st.sampled_from(["keep", "mask", "pseudonymize", "suppress", ""])


@given(st.lists(_RECORD, max_size=4), st.lists(_TREATMENT, min_size=6, max_size=6), st.data())
def test_treated_texts_are_gone(
    records: list[Any], treatments: list[str], data: st.DataObject
) -> None:
    """Whatever is found and decided, no phone or address is left that was not kept."""
    places = [
        ("/*/p", PHONE),
        ("/*/p", EMAIL),
        ("/*/note", PHONE),
        ("/*/name", NAME),
        ("/*/name", PHONE),
        ("/*/in/*", EMAIL),
    ]
    rules = {place: each for place, each in zip(places, treatments, strict=True) if each}
    kept = {place[1] for place, each in rules.items() if each == "keep"}
    choices = data.draw(st.lists(st.integers(0, 1), min_size=4, max_size=4))
    out, _ = treat(_dump(records), [decision(rules), decision()], choose=choices.__getitem__)
    for row, record in enumerate(json.loads(out)):
        text = json.dumps(record, ensure_ascii=False)
        if choices[row] == 1 or PHONE not in kept:
            assert "13800138000" not in text
        if choices[row] == 1 or EMAIL not in kept:
            assert "li@x.cn" not in text


def test_order_of_records_changes_nothing() -> None:
    """Treating records in another order gives the same records in that order."""
    records = [{"name": "欧阳小丰", "p": "13800138000"}, {"note": "欧阳小丰 li@x.cn"}, {"p": "1"}]
    rules = [decision({("/*/p", PHONE): "pseudonymize", ("/*/name", NAME): "mask"})]
    there = json.loads(treat(_dump(records), rules)[0])
    back = json.loads(treat(_dump(records[::-1]), rules)[0])
    assert back == there[::-1]
