"""Which cells reach a model: prose does, nothing else."""

import pytest

from classifiers.model import CellKind, Column, Evidence, Finding, Level, Verdict
from classifiers.text.gate import admits, is_prose, uncovered


@pytest.mark.parametrize(
    "text",
    [
        "张三",
        "请联系张三",
        "a张三b",
        "張小姐",
        "田中さん",
        "ﾀﾅｶ",
        "김민수",
        "สมชาย ใจดี",
        "call John",
        "John Smith",
        "O'Brien, Jean-Luc",
        "Nguyễn Văn Hùng",
        "SMITH JOHN",
        "Phillip",
        "PHILLIP",
        "jessica,",
        "Renee ,",
        "mail a@b.example to John Smith",
        "https://x.example/a John Smith",
        '{"name": "Tan Ah Kow"}',
        "Tan,Ah,Kow",
        "محمد علي",
        "እንደምን አደርክ",
    ],
)
def test_prose_passes(text: str) -> None:
    """Whatever holds two words or two dense letters may name somebody."""
    assert is_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "张",
        "12345",
        "2024-01-05T10:00:00Z",
        "SHIPPED",
        "shipped",
        "Xl",
        "user_name",
        "ORDER-2024-AB",
        "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d",
        "https://shop.example/items/blue-shirt?size=xl&colour=red",
        "someone@example.com",
        "/usr/share/doc",
        "dGhpcyBpcyBub3QgcHJvc2U=",
        "1.5 kg",
        "¥128.00",
        "192.0.2.1",
        "x = 1",
    ],
)
def test_codes_do_not_pass(text: str) -> None:
    """Numbers, dates, identifiers, URLs and lone words are no prose."""
    assert not is_prose(text)


@pytest.mark.parametrize("kind", CellKind)
def test_only_text_columns_are_read(kind: CellKind) -> None:
    """Numbers, booleans and keys never reach a model."""
    column = Column("/a", "a", kind, ["张三说"], [0], [0], [0])
    assert admits(column) is (kind is CellKind.TEXT)


def test_what_a_sure_finding_covers_is_blank() -> None:
    """A cell that is wholly a known name holds nothing more to read."""
    finding = _finding("张三丰", Verdict.LIKELY)
    assert not is_prose(uncovered("张三丰", [finding]))
    assert is_prose(uncovered("张三丰和李四", [finding]))


def test_what_is_only_logged_covers_nothing() -> None:
    """An unknown finding must not keep a cell from being read."""
    assert is_prose(uncovered("张三丰", [_finding("张三丰", Verdict.UNKNOWN)]))


def test_a_long_code_takes_linear_time() -> None:
    """A megabyte without a space is judged in one pass."""
    assert not is_prose("a" * 1_000_000 + "@")
    assert not is_prose("a-" * 500_000 + "@")


def _finding(text: str, verdict: Verdict) -> Finding:
    return Finding(
        column=0,
        value=0,
        start=0,
        end=len(text),
        category="pi_basic",
        entity="PERSON",
        level=Level.PI,
        verdict=verdict,
        score=0.5,
        detector="field.person_name",
        evidence=Evidence.FIELD,
    )
