"""What a mask leaves readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.operators.mask import mask
from gateway.operators.model import OperatorContext
from tests.gateway.treating import FakeKeys

_ENTITIES = [
    "PERSON",
    "PHONE_NUMBER",
    "EMAIL_ADDRESS",
    "CREDIT_CARD",
    "CN_RESIDENT_ID",
    "LOCATION",
    "IP_ADDRESS",
    "OTHER",
]


def _masked(text: str, entity: str, category: str = "") -> str:
    context = OperatorContext(recipient="R", keys=FakeKeys(), entity=entity, category=category)
    (masked,) = mask([text], context)
    return masked


@pytest.mark.parametrize(
    ("entity", "text", "want"),
    [
        ("PERSON", "张三", "张*"),
        ("PERSON", "张小丰", "张*丰"),
        ("PERSON", "欧阳小丰", "欧**丰"),
        ("PERSON", "김민수", "김*수"),
        ("PERSON", "张", "***"),
        ("PERSON", "John  Smith", "J*** S***"),
        ("PHONE_NUMBER", "13800138000", "138****8000"),
        ("PHONE_NUMBER", "+86 138-0013-8000", "+86 138-****-8000"),
        ("PHONE_NUMBER", "81234567", "******67"),
        ("PHONE_NUMBER", "110", "**0"),
        ("EMAIL_ADDRESS", "alice@example.com", "a***@example.com"),
        ("EMAIL_ADDRESS", "a@example.com", "***@example.com"),
        ("EMAIL_ADDRESS", "alice", "a***"),
        ("CREDIT_CARD", "6222 0212 3456 7894", "**** **** **** 7894"),
        ("CN_RESIDENT_ID", "11010519491231002X", "1****************X"),
        ("LOCATION", "江苏省常州市天宁区东晓街道1号", "江苏省常州市***"),
        ("LOCATION", "上海市南京东路1号", "上海市***"),
        ("LOCATION", "江苏省", "***"),
        ("LOCATION", "东晓街道", "***"),
        ("LOCATION", "12 Orchard Rd, Singapore", "***, Singapore"),
        ("LOCATION", "12 Orchard Rd, 238823", "***"),
        ("IP_ADDRESS", "203.0.113.7", "203.0.*.*"),
        ("IP_ADDRESS", "2001:db8::1", "2001:db8:*"),
        ("OTHER", "secret", "s***"),
        ("OTHER", "abc", "***"),
    ],
)
def test_masks_by_kind_and_script(entity: str, text: str, want: str) -> None:
    """Each kind keeps what people expect of it."""
    assert _masked(text, entity) == want


def test_the_category_decides_where_the_entity_is_unknown() -> None:
    """A phone found by its field name is masked as a phone."""
    assert _masked("13800138000", "", "pi_contact_phone") == "138****8000"


@given(st.text(), st.sampled_from(_ENTITIES))
def test_no_mask_leaves_a_text_as_it_was(text: str, entity: str) -> None:
    """Whatever the text, it does not stand whole in its mask; nothing raises."""
    assert text not in _masked(text, entity) or text in "***"


@given(st.from_regex(r"[0-9]{7,19}", fullmatch=True), st.sampled_from(_ENTITIES[1:5]))
def test_at_least_four_characters_of_a_number_are_hidden(text: str, entity: str) -> None:
    """Enough is starred that the rest cannot be tried out by hand."""
    if entity != "EMAIL_ADDRESS":
        assert _masked(text, entity).count("*") >= 4
