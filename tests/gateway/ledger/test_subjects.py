"""Whose data a batch holds, and who of them is counted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.classify import Classifier
from classifiers.model import Batch, Classification
from classifiers.registry import default_registry
from gateway.codecs.json import decode
from gateway.codecs.ndjson import decode as decode_lines
from gateway.codecs.query import decode as decode_query
from gateway.export.headcount import Leaving, headcount
from gateway.ledger.identifiers import Hasher
from gateway.ledger.subjects import Subjects, subjects

HASHER = Hasher(b"k" * 32, namespace="sg-fulfilment")
WANG, LI, ZHAO = "13800138000", "13912345678", "15098765432"


@lru_cache(maxsize=1)
def shared_classifier() -> Classifier:
    return Classifier(default_registry())


@pytest.fixture
def classifier() -> Classifier:
    return shared_classifier()


def key(text: str, category: str = "") -> bytes:
    found = HASHER.identifier(text, category)
    assert found is not None
    return found


def read(
    classifier: Classifier, body: Any, declared: Sequence[Sequence[str]] = (), records: str = ""
) -> tuple[Subjects, Batch, Classification]:
    batch = decode(orjson.dumps(body), records=records).batch
    classification = classifier.classify(batch)
    return subjects(batch, classification, declared, HASHER, records=records), batch, classification


def leaving(
    found: Subjects, rows: int, general: Sequence[str], sensitive: Sequence[str] = ()
) -> list[tuple[bytes | None, bool]]:
    """Key and sensitivity of everyone counted when these pointers leave."""
    what = Leaving(frozenset([*general, *sensitive]), frozenset(sensitive), True, True, "")
    persons = headcount(found, [what], [0] * rows)
    return [(person.strong, person.sensitive) for person in persons]


def strong(found: Subjects) -> list[list[bytes | None]]:
    return [[subject.strong for subject in record] for record in found.records]


DECLARED = [["/buyer/id_no", "/buyer/phone"], ["/consignee/phone"]]


@pytest.mark.parametrize("shape", ["array", "inner array", "lines"])
def test_declared_identifiers_name_the_persons(classifier: Classifier, shape: str) -> None:
    """The strongest one present decides; pointers are relative to a record, whatever holds it."""
    orders = [
        {"buyer": {"id_no": "11010519491231002X", "phone": WANG}, "consignee": {"phone": LI}},
        {"buyer": {"id_no": None, "phone": "+86 138-0013-8000"}, "consignee": {"phone": WANG}},
    ]
    if shape == "lines":
        batch = decode_lines(b"\n".join(map(orjson.dumps, orders))).batch
        found = subjects(batch, classifier.classify(batch), DECLARED, HASHER)
    elif shape == "array":
        found = read(classifier, orders, DECLARED)[0]
    else:
        found = read(classifier, {"items": orders}, DECLARED, records="/items")[0]
    assert strong(found) == [[key("11010519491231002X"), key(LI)], [key(WANG), key(WANG)]]


def test_numbers_and_texts_are_one_person(classifier: Classifier) -> None:
    """A phone written as a JSON number is the same phone."""
    found = read(classifier, [{"phone": int(WANG)}, {"phone": WANG}], [["/phone"]])[0]
    assert strong(found) == [[key(WANG)], [key(WANG)]]


def test_a_declared_identifier_is_one_on_all_routes(classifier: Classifier) -> None:
    """What is found to be a card is that card everywhere; an account is one of its route."""
    keys = set()
    for route in ("sg-fulfilment", "jp-returns"):
        batch = decode(orjson.dumps([{"card_no": "6222021234567890128", "uid": "A-10001"}])).batch
        classification = classifier.classify(batch)
        hasher = Hasher(b"k" * 32, namespace=route)
        for declared in ([["/card_no"]], [["/uid"]]):
            found = subjects(batch, classification, declared, hasher)
            keys.add((declared[0][0], found.records[0][0].strong))
    assert len([1 for pointer, _ in keys if pointer == "/card_no"]) == 1
    assert len([1 for pointer, _ in keys if pointer == "/uid"]) == 2


def test_without_declaration_detected_identifiers_stand_in(classifier: Classifier) -> None:
    """One object, one person: the identity number outranks phone and e-mail."""
    order = {"phone": WANG, "email": "wang@example.com", "id_card": "11010519491231002X"}
    assert strong(read(classifier, order)[0]) == [[key("11010519491231002X")]]


def test_detection_stands_in_record_by_record(classifier: Classifier) -> None:
    """Where the declared identifier is missing; where it is there, it alone counts."""
    rows = [{"buyer_no": "B-1001", "phone": WANG}, {"buyer_no": None, "phone": LI}]
    found = read(classifier, rows, [["/buyer_no"]])[0]
    assert strong(found) == [[key("B-1001")], [key(LI)]]


def test_objects_are_persons_apart(classifier: Classifier) -> None:
    """Buyer and consignee count each."""
    found = read(classifier, {"buyer": {"phone": WANG}, "consignee": {"phone": LI}})[0]
    assert {subject for record in strong(found) for subject in record} == {key(WANG), key(LI)}


def test_several_values_of_one_kind_are_several_persons(classifier: Classifier) -> None:
    """Two phones beside one identity number: doubt counts two."""
    order = {"id_card": "11010519491231002X", "buyer_phone": WANG, "consignee_phone": LI}
    assert len(read(classifier, order)[0].records[0]) == 2


def test_every_element_of_an_array_counts(classifier: Classifier) -> None:
    """Also where some elements lack the stronger identifier."""
    people = [{"id_card": "11010519491231002X", "phone": WANG}, {"phone": LI}, {"phone": ZHAO}]
    for declared in ([], [["/people/*/id_card", "/people/*/phone"]]):
        assert len(read(classifier, {"people": people}, declared)[0].records[0]) == 3


def test_persons_hidden_in_a_text_count(classifier: Classifier) -> None:
    """A note that names others adds them; one that repeats the buyer's phone adds nobody."""
    declared = [["/phone"]]
    notes = [f"ring {WANG} please", f"or {LI}, {ZHAO}"]
    found = read(classifier, [{"phone": WANG, "note": note} for note in notes], declared)[0]
    assert [len(record) for record in found.records] == [1, 3]


def test_a_crowd_in_one_record_does_not_count_as_one(classifier: Classifier) -> None:
    """Thirty phones in a note are thirty persons, declared buyer or not."""
    note = " ; ".join(f"1390000{n:04}" for n in range(1000, 1030))
    for declared in ([], [["/id"]]):
        found = read(classifier, {"id": "buyer-77", "note": note}, declared)[0]
        assert len({s.strong for s in found.records[0]} - {key("buyer-77")}) == 30


def test_personal_information_without_identifier_is_a_new_person(classifier: Classifier) -> None:
    """Each time; a record without personal information is nobody."""
    found = read(
        classifier, [{"receiver_name": "王小明"}, {"receiver_name": "王小明"}, {"sku": "A"}]
    )[0]
    assert [len(record) for record in found.records] == [1, 1, 0]
    assert found.unidentified == 2


def test_name_and_address_are_a_weak_identifier(classifier: Classifier) -> None:
    """On their own they are the key, beside a phone an alias of it."""
    place = {"receiver_name": "王小明", "receiver_address": "上海市静安区南京西路100号"}
    alone, beside = (
        read(classifier, each)[0].records[0] for each in (place, {**place, "phone": WANG})
    )
    assert alone[0].strong is None
    assert alone[0].weak == beside[0].weak != ()
    assert beside[0].strong == key(WANG)


def test_a_masked_phone_is_no_identifier(classifier: Classifier) -> None:
    """Many people are 138****8000: declared as identifier, it still makes nobody the same."""
    rows = [{"phone": "138****8000", "receiver_name": name} for name in ("王小明", "李小红")]
    found = read(classifier, rows, [["/phone"]])[0]
    assert found.unidentified == 2


def test_what_all_records_share_belongs_to_all(classifier: Classifier) -> None:
    """A phone in the query is one person for the whole export."""
    batch = decode_query(f"phone={WANG}".encode()).batch
    shared = Batch(
        [type(c)(c.pointer, c.name, c.kind, c.values, [-1] * len(c.rows), c.refs, c.handles)
         for c in batch.columns], 3, batch.source_bytes
    )  # fmt: skip
    found = subjects(shared, classifier.classify(shared), [], HASHER)
    assert [s.strong for s in found.shared] == [key(WANG)]
    assert set(leaving(found, 3, list(found.owners))) == {(key(WANG), False)}


ORDER = {
    "buyer": {"phone": WANG, "id_card": "11010519491231002X"},
    "consignee": {"phone": LI, "receiver_name": "李小红"},
}


def test_a_person_counts_where_its_own_fields_leave(classifier: Classifier) -> None:
    """Sensitive only if its own sensitive information leaves."""
    found = read(classifier, ORDER, [["/buyer/phone"], ["/consignee/phone"]])[0]
    assert leaving(found, 1, ["/consignee/phone"]) == [(key(LI), False)]
    both = leaving(found, 1, ["/buyer/phone", "/consignee/phone"], ["/buyer/id_card"])
    assert both == [(key(WANG), True), (key(LI), False)]
    assert leaving(found, 1, []) == []


def test_a_field_nobody_owns_is_everybodys(classifier: Classifier) -> None:
    """A diagnosis beside buyer and consignee may be either's."""
    order = {**ORDER, "diagnosis": "糖尿病"}
    found = read(classifier, order, [["/buyer/phone"], ["/consignee/phone"]])[0]
    assert leaving(found, 1, [], ["/diagnosis"]) == [(key(WANG), True), (key(LI), True)]


def test_an_absent_owner_passes_the_field_on(classifier: Classifier) -> None:
    """A consignee without phone still has data; whoever is there counts for it."""
    consignee = {"id_card": "11010519491231002X", "receiver_name": None}
    rows = [
        {"buyer": {"phone": WANG}, "consignee": consignee | {"phone": phone}}
        for phone in (LI, None)
    ]
    found = read(classifier, rows, [["/buyer/phone"], ["/consignee/phone"]])[0]
    counted = leaving(found, 2, [], ["/*/consignee/id_card"])
    assert counted == [(key(LI), True), (key(WANG), True)]


def test_no_key_and_no_pointer_holds_raw_data(classifier: Classifier) -> None:
    """Phones as object keys are hidden in the owners too."""
    found = read(classifier, {"by_phone": {WANG: {"receiver_name": "王小明"}}})[0]
    assert WANG not in repr(found)


phones = st.sampled_from([WANG, LI, ZHAO, None])


@settings(max_examples=50)
@given(st.lists(st.tuples(phones, phones), min_size=1, max_size=8))
def test_declared_persons_match_a_plain_reading(rows: list[tuple[str | None, str | None]]) -> None:
    """Against the records themselves, one by one."""
    body = [{"buyer": {"phone": a}, "consignee": {"phone": b}} for a, b in rows]
    found = read(shared_classifier(), body, [["/buyer/phone"], ["/consignee/phone"]])[0]
    assert strong(found) == [[key(each) for each in row if each] for row in rows]


_PERSON = st.fixed_dictionaries(
    {},
    optional={
        "phone": st.sampled_from([WANG, LI, ""]),
        "email": st.sampled_from(["wang@example.com", "li@example.com"]),
        "name": st.sampled_from(["王小明", "李娜"]),
        "address": st.sampled_from(["北京市朝阳区建国路1号2室", "上海市黄浦区南京东路2号3室"]),
        "note": st.sampled_from([f"电话 {WANG}", f"电话 {LI}，或 {ZHAO}", "无"]),
    },
)


_ALL = {part: dict.fromkeys(("phone", "email", "name", "address", "note"), "") for part in "ab"}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional={"a": _PERSON, "b": _PERSON}), min_size=1))
def test_each_record_has_the_persons_it_has_by_itself(records: list[Any]) -> None:
    """Whatever stands beside it in the batch, as long as the columns keep their order."""
    together = read(shared_classifier(), [_ALL, *records])[0].records[1:]
    for record, persons in zip(records, together, strict=True):
        alone = read(shared_classifier(), [_ALL, record])[0].records[1]
        assert [(p.strong, p.weak) for p in persons] == [(p.strong, p.weak) for p in alone]
