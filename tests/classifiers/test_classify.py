"""Whole batches: what a person would call personal is found, trade data passes."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.classify import Classifier
from classifiers.model import DetectionIncomplete, Evidence, Level, Verdict
from classifiers.reader import Memory
from classifiers.registry import Registry, default_registry
from tests.classifiers.batches import batch_of, spans

MALL = Path(__file__).parents[2] / "gateway" / "demo" / "mall"
# What a data protection officer marks in each table; every other column is trade data.
PERSONAL = {
    "oms_order": {
        "/member_id": "pi_account",
        "/member_username": "pi_account",
        "/receiver_name": "pi_basic",
        "/receiver_phone": "pi_contact_phone",
        "/receiver_post_code": "pi_delivery",
        "/receiver_province": "pi_delivery",
        "/receiver_city": "pi_delivery",
        "/receiver_region": "pi_delivery",
        "/receiver_detail_address": "pi_delivery",
        "/note": "spi_comm_content",  # what the customer wrote; beside a consignee only
    },
    "oms_order_item": {},
    "oms_order_return_apply": {
        "/member_username": "pi_account",
        "/return_name": "pi_basic",
        "/return_phone": "pi_contact_phone",
        "/handle_man": "pi_basic",
        "/receive_man": "pi_basic",
        "/handle_note": "spi_comm_content",
        "/receive_note": "spi_comm_content",
    },
    "pms_product": {},
    "ums_member": {
        "/username": "pi_account",
        "/password": "spi_credential",
        "/nickname": "pi_account",
        "/phone": "pi_contact_phone",
        "/gender": "pi_basic",
        "/birthday": "pi_basic",
        "/city": "pi_basic",
        "/job": "pi_work_edu",
        "/personalized_signature": "pi_account",
    },
    "ums_member_receive_address": {
        "/member_id": "pi_account",
        "/name": "pi_basic",
        "/phone_number": "pi_contact_phone",
        "/post_code": "pi_delivery",
        "/province": "pi_delivery",
        "/city": "pi_delivery",
        "/region": "pi_delivery",
        "/detail_address": "pi_delivery",
    },
    "ums_admin_login_log": {"/admin_id": "pi_account", "/ip": "pi_device"},
    "oms_company_address": {
        "/name": "pi_basic",
        "/phone": "pi_contact_phone",
        "/province": "pi_delivery",
        "/city": "pi_delivery",
        "/region": "pi_delivery",
        "/detail_address": "pi_delivery",
    },
}


@pytest.mark.parametrize("table", PERSONAL)
def test_shop_export(classifier: Classifier, table: str) -> None:
    """Personal columns of a real shop are found with their category, trade columns pass."""
    lines = (MALL / f"{table}.ndjson").read_text("utf-8").splitlines()
    batch = batch_of([json.loads(line) for line in lines])
    result = classifier.classify(batch)
    categories: dict[str, set[str]] = {}
    for finding in result.findings:
        if finding.verdict.treated:
            pointer = batch.columns[finding.column].pointer
            categories.setdefault(pointer, set()).add(finding.category)
    assert categories == {pointer: {name} for pointer, name in PERSONAL[table].items()}


def test_trade_columns_are_labelled(classifier: Classifier) -> None:
    """Trade data gets a label for its column and no finding."""
    batch = batch_of([{"order_sn": "201809150101000001", "delivery_sn": "SF123", "price": 9.5}])
    result = classifier.classify(batch)
    labels = dict(zip((c.pointer for c in batch.columns), result.labels, strict=True))
    assert labels["/order_sn"] == "biz_trade_doc"
    assert labels["/delivery_sn"] == "biz_logistics"
    assert result.findings == []


@pytest.mark.parametrize(
    ("record", "want"),
    [
        ({"note": "身份证11010519491231002X已核"}, ("11010519491231002X", "cn.resident_id")),
        ({"note": "call 13800138000 now"}, ("13800138000", "cn.mobile")),
        ({"note": "+86 138-0013-8000"}, ("+86 138-0013-8000", "cn.mobile")),
        ({"note": "邮箱a.b@example.com.cn谢谢"}, ("a.b@example.com.cn", "net.email")),
        ({"note": "麻煩送到樓下 02-27335678 謝謝"}, ("02-27335678", "tw.landline")),
        ({"x": 6222021234567890128}, ("6222021234567890128", "finance.payment_card")),
        ({"note": "１３８００１３８０００"}, ("１３８００１３８０００", "cn.mobile")),
        ({"note": "138\u200b0013\u200b8000"}, ("138\u200b0013\u200b8000", "cn.mobile")),
        (
            {"note": "来自 2001:db8::8a2e:370:7334 登录"},
            ("2001:db8::8a2e:370:7334", "net.ip_address"),
        ),
    ],
)
def test_values_in_unnamed_text(
    classifier: Classifier, record: dict[str, Any], want: tuple[str, str]
) -> None:
    """A value is found by itself, to the letter, beside Chinese text and in odd spellings."""
    batch = batch_of([record])
    (finding,) = spans(batch, classifier.classify(batch))
    assert finding[1:3] == want
    assert Verdict(finding[3]).treated


def test_a_lying_name_hides_nothing(classifier: Classifier) -> None:
    """An order number column that holds a resident ID holds a resident ID."""
    batch = batch_of([{"order_sn": "11010519491231002X"}])
    (finding,) = classifier.classify(batch).findings
    assert (finding.category, finding.verdict) == ("pi_gov_id", Verdict.CONFIRMED)


def test_field_name_lifts_a_mistyped_number(classifier: Classifier) -> None:
    """A wrong check digit alone says little; in an ID field it is a mistyped ID."""
    alone = classifier.classify(batch_of([{"x": "110105194912310021"}]))
    named = classifier.classify(batch_of([{"id_card": "110105194912310021"}]))
    assert [f.verdict for f in alone.findings] == [Verdict.UNKNOWN]
    assert [f.verdict for f in named.findings] == [Verdict.LIKELY]
    assert {f.level for f in named.findings} == {Level.SPI}


def test_nothing_in_empty_fields(classifier: Classifier) -> None:
    """A phone field without a phone holds none."""
    values = ["null", "", " ", "N/A", "-", "无"]
    batch = batch_of([{"phone": v, "姓名": v, "address": v} for v in values])
    assert classifier.classify(batch).findings == []


def test_field_is_covered_to_its_last_letter(classifier: Classifier) -> None:
    """What stands beside a number in a name field is a name, not a leak."""
    batch = batch_of([{"receiver_name": "王小明13800138000收"}])
    result = classifier.classify(batch)
    assert [(f[1], f[2]) for f in spans(batch, result)] == [
        ("王小明", "field.person_name"),
        ("13800138000", "cn.mobile"),
        ("收", "field.person_name"),
    ]


def test_value_evidence_ignores_names(classifier: Classifier) -> None:
    """The residual check looks at bytes alone."""
    batch = batch_of([{"receiver_name": "王小明", "phone": "13800138000"}])
    result = classifier.classify(batch, evidence="value", declared={"/receiver_name": "pi_basic"})
    assert [(f[0], f[3]) for f in spans(batch, result)] == [("/phone", "likely")]


def test_declaration_adds_and_never_removes(classifier: Classifier) -> None:
    """A declared field holds what the contract says, and still what its values show."""
    declared = {"/a": "pi_profile", "/b": "biz_product"}
    batch = batch_of([{"a": "gold", "b": "13800138000"}])
    result = classifier.classify(batch, declared=declared)
    assert [(f.category, f.verdict) for f in result.findings] == [
        ("pi_profile", Verdict.CONFIRMED),
        ("pi_contact_phone", Verdict.LIKELY),
    ]
    assert result.declared == frozenset(declared)


def test_keys_are_scanned_and_hidden(classifier: Classifier) -> None:
    """A phone number used as a key is a finding, and no pointer shows it."""
    batch = batch_of([{"by_phone": {"13800138000": {"points": 3}}}])
    result = classifier.classify(batch)
    assert "13800138000" not in "".join(result.pointers)
    assert "/by_phone/*/points" in result.pointers
    assert [(f[0], f[2]) for f in spans(batch, result)] == [("key:/by_phone", "cn.mobile")]


def test_inspection_counts_everything(classifier: Classifier) -> None:
    """The proof names every detector and skips nothing."""
    batch = batch_of([{"a": "x", "b": 1}, {"a": "x", "b": 2}])
    inspection = classifier.classify(batch).inspection
    assert (inspection.cells, inspection.skipped) == (batch.cells, 0)
    assert {d.name for d in default_registry().detectors} < set(inspection.detectors)


def test_late_is_not_clean(classifier: Classifier) -> None:
    """Past the deadline there is no answer at all."""
    with pytest.raises(DetectionIncomplete):
        classifier.classify(batch_of([{"a": "x"}]), deadline=time.monotonic() - 1)


FEW = {"cn.resident_id", "cn.mobile", "finance.payment_card", "net.email", "handle.qq"}
PLAIN = [detector for detector in default_registry().detectors if detector.name in FEW]


@pytest.fixture(scope="module")
def plain() -> Classifier:
    """Few detectors, quick to compile."""
    return Classifier(Registry(tuple(PLAIN)))


TEXT = st.text(st.sampled_from("0123456789 13800138000@a.com中文.-:xX\u200b１"), max_size=40)


@settings(max_examples=150)
@given(st.lists(st.dictionaries(st.sampled_from(["phone", "name", "note", "x"]), TEXT), max_size=5))
def test_findings_are_ordered_and_do_not_overlap(
    classifier: Classifier, records: list[dict[str, str]]
) -> None:
    """One owner per character, whatever the values."""
    batch = batch_of(records)
    findings = classifier.classify(batch).findings
    keys = [(f.column, f.value, f.start, f.end) for f in findings]
    assert keys == sorted(keys)
    for one, two in pairwise(findings):
        if (one.column, one.value) == (two.column, two.value):
            assert one.end <= two.start
    for f in findings:
        assert 0 <= f.start < f.end <= len(batch.columns[f.column].values[f.value])


RECORDS = st.lists(
    st.dictionaries(st.sampled_from(["phone", "name", "note", "证件", "x"]), TEXT), max_size=4
)


@settings(max_examples=100)
@given(RECORDS, RECORDS)
def test_memory_of_other_looks_changes_nothing(
    plain: Classifier, before: list[dict[str, str]], records: list[dict[str, str]]
) -> None:
    """What was read of texts elsewhere, under other names, is what they show here."""
    memory = Memory()
    plain.classify(batch_of([*before, *reversed(records)]), memory=memory)
    batch = batch_of(records)
    for evidence in ("value", "all"):
        fresh = plain.classify(batch, evidence=evidence)
        assert plain.classify(batch, evidence=evidence, memory=memory) == fresh


def test_a_value_with_another_form_is_read_as_it_stands_too(classifier: Classifier) -> None:
    """A common shape in a named field, in a text that shows nothing else but folds otherwise."""
    found = classifier.classify(batch_of([{"phone": "１３８００１３８０００\n91234567"}])).findings
    assert ("phone.national", 12) in [(f.detector, f.start) for f in found if f.verdict.treated]


def test_a_number_on_a_line_of_its_own(classifier: Classifier) -> None:
    """The word that ends the line before is not part of it, in a Chinese note neither."""
    for note in ("Order 7\n13800138000\nthanks", "订单A\n13800138000", "分三行写：138\n0013\n8000"):
        found = classifier.classify(batch_of([{"x": note}])).findings
        mobiles = [f for f in found if f.detector == "cn.mobile"]
        assert [f.verdict.treated for f in mobiles] == [True], note


@settings(max_examples=15)
@given(st.permutations(PLAIN), TEXT)
def test_order_of_detectors_changes_nothing(plain: Classifier, order: list[Any], text: str) -> None:
    """Findings do not depend on which detector came first."""
    batch = batch_of([{"note": text, "phone": text}])
    shuffled = Classifier(Registry(tuple(order)))
    assert shuffled.classify(batch).findings == plain.classify(batch).findings


def test_check_digits_speak_for_a_column(classifier: Classifier) -> None:
    """A nameless column of valid numbers is what its check says; random numbers are nothing."""
    weights = range(13, 1, -1)
    stems = [f"{3100600445000 // 10 + step * 7919:012d}" for step in range(30)]
    valid = [
        stem + str((11 - sum(int(d) * w for d, w in zip(stem, weights, strict=True)) % 11) % 10)
        for stem in stems
    ]
    found = classifier.classify(batch_of([{"f1": value} for value in valid])).findings
    assert {finding.detector for finding in found} == {"th.pin"}
    assert {finding.evidence for finding in found} == {Evidence.COLUMN}
    random = [f"{stem}{step % 10}" for step, stem in enumerate(stems)]
    assert classifier.classify(batch_of([{"f1": value} for value in random])).findings == []
