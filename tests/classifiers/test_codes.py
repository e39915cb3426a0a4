"""Columns of codes are graded by what their codes say."""

from __future__ import annotations

import pytest

from classifiers.classify import Classifier
from classifiers.codes import ICD_10, UnknownCodes, code_tables, graded
from classifiers.fields import label_named
from classifiers.taxonomy import CATEGORIES
from tests.classifiers.batches import batch_of


def test_every_table_has_a_source_and_a_category() -> None:
    """And its label, if it has one, names the same category."""
    for table in code_tables().values():
        assert table.citation
        assert table.checked
        assert table.category in CATEGORIES
        if table.label:
            assert label_named(table.label).category == table.category
    assert len([c for c in code_tables()["gbt3304.ethnic"].codes if c.isdigit()]) == 56


@pytest.mark.parametrize(
    ("field", "table", "category"),
    [
        ("flag3", {"1": "佛教徒", "2": "穆斯林", "9": "未说明"}, "spi_religion"),
        ("flag3", {"1": "汉族", "2": "回族"}, "pi_basic"),
        ("kind", {"A": "diabetes", "B": "hypertension", "C": "other"}, "spi_health"),
        ("hj", {"10": "未婚", "20": "已婚"}, "pi_marital"),
        ("x", {"0": "无", "1": "有期徒刑"}, "spi_criminal"),
        ("gender_cd", {"1": "zz", "2": "yy"}, "pi_basic"),
        ("mz", "gbt3304.ethnic", "pi_basic"),
        ("zzmm", "gbt4762.political", "spi_specific_identity"),
        ("dx", ICD_10, "spi_health"),
    ],
)
def test_a_table_is_graded_by_its_meanings(field: str, table: object, category: str) -> None:
    """The highest level that any meaning has."""
    assert graded(field, table).category == category  # type: ignore[arg-type]


@pytest.mark.parametrize("table", [{"1": "待发货", "2": "已发货"}, {}, "gbt9999"])
def test_what_says_nothing_is_refused(table: object) -> None:
    """Nobody is told that a field is harmless because its codes are not understood."""
    with pytest.raises(UnknownCodes):
        graded("status_7", table)  # type: ignore[arg-type]


def test_a_declared_column_of_codes(classifier: Classifier) -> None:
    """Whatever its name; the reason travels with the finding; blanks are none."""
    batch = batch_of([{"flag3": "1"}, {"flag3": "2"}, {"flag3": ""}, {"flag3": "N/A"}])
    coded = {"/*/flag3": graded("flag3", {"1": "佛教徒", "2": "穆斯林"})}
    coded |= {"/flag3": coded["/*/flag3"]}
    findings = classifier.classify(batch, coded=coded).findings
    assert [(f.category, f.detector, f.reason) for f in findings] == [
        ("spi_religion", "code.team", "code.team")
    ] * 2
    assert not classifier.classify(batch).findings


@pytest.mark.parametrize(
    ("values", "category"),
    [
        (["汉族", "回族", "壮族", "满族"], "pi_basic"),
        (["未婚", "已婚", "离异", "丧偶"], "pi_marital"),
        (["中共党员", "共青团员", "群众", "中共预备党员"], "spi_specific_identity"),
        (["佛教", "基督教", "伊斯兰教", "道教"], "spi_religion"),
        (["E11.9", "I10.0", "J45.0", "C50.9", "F32.1", "K21.0", "N18.5", "M54.5"], "spi_health"),
    ],
)
def test_a_nameless_column_shows_what_it_is(
    classifier: Classifier, values: list[str], category: str
) -> None:
    """By the words of a standard's table or by ICD-10 codes, beside columns of any kind."""
    records = [{"c1": values[i % len(values)], "c2": f"row {i}"} for i in range(12)]
    found = {f.category for f in classifier.classify(batch_of(records)).findings}
    assert category in found


@pytest.mark.parametrize(
    "values",
    [
        ["A01.1", "A01.2", "A02.1", "A03.3", "B01.1", "B02.5", "A04.1", "B07.2"],  # bins
        ["男", "女", "通用", "儿童"],  # for whom clothes are
        ["A12", "B34", "C56", "D78", "E90", "F12", "G34", "H56"],  # seats
        ["1", "2", "9", "0", "3", "5", "7", "8"],
    ],
)
def test_trade_codes_show_nothing(classifier: Classifier, values: list[str]) -> None:
    """Bins, sizes and numbers are no diagnoses and no persons."""
    records = [{"c1": values[i % len(values)], "c2": f"row {i}"} for i in range(12)]
    found = classifier.classify(batch_of(records)).findings
    assert [f for f in found if f.verdict.treated and f.level != "general"] == []
