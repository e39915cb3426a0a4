"""What records say as a whole: children, joined columns, drift, aggregates, quasi-identifiers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from classifiers.aggregate import aggregates, quasi_identifiers
from classifiers.classify import Classifier
from classifiers.model import Classification, Level
from classifiers.registry import default_registry
from tests.classifiers.batches import batch_of

TODAY = date(2026, 11, 27)


def levels(found: Classification, records: list[Any]) -> set[tuple[str, str, str, str]]:
    """(pointer, category, level, reason) of what must be asked about."""
    return {
        (found.pointers[f.column], f.category, f.level.value, f.reason)
        for f in found.findings
        if f.verdict.treated
    }


@pytest.mark.parametrize(
    ("born", "child"),
    [
        ("2012-11-28", True),  # fourteen tomorrow
        ("2012-11-27", False),
        ("2020年3月5日", True),
        ("20200305", True),
        ("05/03/2020", True),
        ("2020", True),
        ("1990-01-01", False),
        ("2099-01-01", False),
        ("unknown", False),
    ],
)
def test_a_birth_date_tells_a_child(classifier: Classifier, born: str, child: bool) -> None:
    """Everything of a child under 14 is sensitive, and says why."""
    records = [{"customer_name": "王小明", "birthday": born, "email": "a@example.com"}]
    found = levels(classifier.classify(batch_of(records), on=TODAY), records)
    marked = {pointer for pointer, _, level, reason in found if reason and level == "spi"}
    assert marked == ({"/customer_name", "/birthday", "/email"} if child else set())
    assert (("/birthday", "spi_minor_u14", "spi", "pipl.28.under_14") in found) is child


def test_age_and_identity_number_tell_a_child(classifier: Classifier) -> None:
    """An age in words or digits, and the date within an identity number; 0 means unknown."""
    for field, value, child in (
        ("age", "8岁", True),
        ("age", 13, True),
        ("age", 14, False),
        ("age", 0, False),
        ("id_card_no", "110105201801010019", True),
    ):
        records = [{"customer_name": "王小明", field: value}]
        found = levels(classifier.classify(batch_of(records), on=TODAY), records)
        categories = {category for _, category, _, _ in found}
        assert ("spi_minor_u14" in categories) is child, (field, value)


def test_a_mobile_that_passes_for_a_national_number_tells_no_child(
    classifier: Classifier,
) -> None:
    """`15082798036` fits Belgium's check digits: that alone holds no order back."""
    for field, child in (("receiver_phone", False), ("rijksregisternummer", True)):
        records = [{"receiver_name": "王小明", field: "15082798036"}]
        found = levels(classifier.classify(batch_of(records), on=TODAY), records)
        assert any(reason for *_, reason in found) is child, field
        told = {category for pointer, category, _, _ in found if pointer == f"/{field}"}
        assert told == {"pi_gov_id" if child else "pi_contact_phone"}


def test_every_number_that_holds_a_birth_date_tells_a_child() -> None:
    """Each file says where; numbers of a child, an adult and a calendar that has no such day."""
    read = {each.name: each.born for each in default_registry().detectors if each.born}
    numbers = {
        "ae.emirates_id": ("784-2018-1234567-9", 2018), "at.vnr": ("1237 010118", 2018),
        "bd.nid": ("20181234567890123", 2018), "be.nn": ("18.03.05-001.23", 2018),
        "bg.egn": ("1843050012", 2018), "cn.resident_id": ("110105201803050019", 2018),
        "cz.rc": ("185305/0012", 2018), "de.svnr": ("65 050318 J 003", 2018),
        "dk.cpr": ("050318-4012", 2018), "ee.ik": ("51803050012", 2018),
        "eg.national_id": ("31803050100123", 2018), "fi.hetu": ("050318A123X", 2018),
        "fr.nir": ("1 18 03 75 123 456 01", 2018), "gh.ssnit": ("C01180305001X", 2018),
        "gr.amka": ("05031801234", 2018), "hu.personal_id": ("3-180305-0001", 2018),
        "id.nik": ("317301 450318 0001", 2018), "isl.kennitala": ("050318-0120", 2018),
        "it.codice_fiscale": ("RSSMRA18C45H501X", 2018), "kr.rrn": ("180305-3123456", 2018),
        "kz.iin": ("180305500017", 2018), "lt.asmens": ("51803050012", 2018),
        "lu.national_id": ("2018030512345", 2018), "lv.personal_code": ("050318-20012", 2018),
        "mu.nid": ("M0503181234A", 2018), "mx.curp": ("GODE180305HDFRRR09", 2018),
        "mx.rfc": ("GODE180305GR8", 2018), "my.nric": ("180305-10-1234", 2018),
        "no.fodselsnummer": ("05031850012", 2018), "pl.pesel": ("18230500012", 2018),
        "ro.cnp": ("5180305000012", 2018), "rs.jmbg": ("0503018710012", 2018),
        "rw.nid": ("1 2018 8 0012345 6 78", 2018), "se.personnummer": ("20180305-0016", 2018),
        "sg.nric": ("T1812345J", 2018), "si.emso": ("0503018500012", 2018),
        "travel.mrz": ("L898902C36UTO1803052F2804159ZE184226B<<<<<10", 2018),
        "tz.nida": ("20180305-12345-00001-23", 2018), "ua.rntrc": ("4322012345", 2018),
        "ug.nin": ("CM18012345ABCD", 2018), "uz.pinfl": ("50503180260011", 2018),
        "vn.cccd": ("001218012345", 2018), "za.id_number": ("1803055044089", 2018),
    }  # fmt: skip
    assert read.keys() == numbers.keys()
    yearly = {"ua.rntrc", "ug.nin", "vn.cccd"}  # nothing of theirs need be a day
    for name, (number, year) in numbers.items():
        born = read[name](number)
        assert born is not None, name
        assert born.year == year, (name, born)
        assert read[name]("0000000000000000000000") is None or name in yearly
        assert read[name]("") is None


@pytest.mark.parametrize(
    ("number", "child"),
    [("180305-10-1234", True), ("750305-10-1234", False), ("971013-1019902", False)],
)
def test_numbers_of_the_region_tell_a_child(
    classifier: Classifier, number: str, child: bool
) -> None:
    """A MyKad: everything of the child's record is raised; years of the last century are not."""
    records = [{"customer_name": "Tan Mei", "ic_no": number, "email": "a@example.com"}]
    found = classifier.classify(batch_of(records), on=TODAY)
    raised = {found.pointers[f.column] for f in found.findings if f.reason}
    assert raised == ({"/customer_name", "/ic_no", "/email"} if child else set())


def test_adults_beside_children_keep_their_level(classifier: Classifier) -> None:
    """What an adult's record holds too is raised for nobody; objects are told apart."""
    records = [
        {"name": "王小明", "city": "深圳市", "phone": "13800138000", "birthday": "2018-01-01"},
        {"name": "李建国", "city": "深圳市", "phone": "13900139000", "birthday": "1980-01-01"},
    ]
    result = classifier.classify(batch_of(records), on=TODAY)
    raised = {
        result.pointers[f.column]: f.value
        for f in result.findings
        if f.reason and f.level is Level.SPI
    }
    assert raised == {"/name": 0, "/phone": 0, "/birthday": 0}
    nested = [{"buyer": {"full_name": "李建国"}, "child": {"full_name": "王明", "age": 6}}]
    result = classifier.classify(batch_of(nested), on=TODAY)
    assert {result.pointers[f.column] for f in result.findings if f.reason} == {
        "/child/full_name",
        "/child/age",
    }


def test_drift_of_the_contract(classifier: Classifier) -> None:
    """Fields that the contract does not name, and fields that hold something else."""
    batch = batch_of([{"a": "13800138000", "b": "x@example.com", "sku": "A-1", "c": "李建国"}])
    declared = {"/a": "pi_contact_phone", "/c": "pi_basic", "/sku": "biz_product"}
    found = classifier.classify(batch, declared=declared)
    assert [(d.pointer, d.kind, d.category) for d in found.drift] == [
        ("/b", "undeclared", "pi_basic")
    ]
    found = classifier.classify(batch, declared={**declared, "/a": "pi_basic", "/b": "pi_basic"})
    assert [(d.pointer, d.kind, d.category) for d in found.drift] == [
        ("/a", "contradicted", "pi_contact_phone")
    ]
    assert classifier.classify(batch).drift == []


def test_aggregates_and_quasi_identifiers(classifier: Classifier) -> None:
    """Sets of ordinary columns are told with their pointers; no level changes."""
    records = [
        {
            "customer_name": "王小明",
            "phone": "13800138000",
            "address": "广东省深圳市南山区科苑路15号",
            "product_name": "纯棉T恤",
            "gender": "男",
            "age": 30,
        }
    ]
    found = classifier.classify(batch_of(records))
    codes = {each.code: each.pointers for each in aggregates(found)}
    assert set(codes) == {"gbt45574.aggregate.consumer", "gbt42460.quasi.singling_out"}
    assert codes["gbt42460.quasi.singling_out"] == ("/address", "/age", "/gender")
    pointers = [found.pointers[index] for index in quasi_identifiers(found)]
    assert sorted(pointers) == ["/address", "/age", "/gender"]
    assert aggregates(classifier.classify(batch_of([{"product_name": "纯棉T恤"}]))) == []


def test_joined_columns(classifier: Classifier) -> None:
    """Parts of a name and of an address are personal beside one another."""
    records = [
        {"first": "Wei", "last": "Zhang", "province": "广东省", "city": "深圳市",
         "district": "南山区", "detail": "科苑路15号3栋201室", "mobile": "13800138000"},
    ]  # fmt: skip
    found = classifier.classify(batch_of(records))
    pointers = {found.pointers[f.column] for f in found.findings if f.verdict.treated}
    assert pointers == {f"/{key}" for key in records[0]}


def test_lying_header_hides_nothing(classifier: Classifier) -> None:
    """Identity numbers under a trade name are found all the same."""
    records = [{"order_no": f"11010519491231{order:03d}X"} for order in range(1, 40)]
    records += [{"order_no": "11010519491231002X"}, {"order_no": "zhang.san@example.com"}]
    found = classifier.classify(batch_of(records))
    assert {f.detector for f in found.findings if f.verdict.treated} >= {
        "cn.resident_id",
        "net.email",
    }
