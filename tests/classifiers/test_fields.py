"""Field names: casing, languages, abbreviations, and names that only look personal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.fields import label_of, words


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("receiverName", "person_name"),
        ("RECEIVER_PHONE", "phone"),
        ("receiver-detail-address", "address"),
        ("收货人手机号码", "phone"),
        ("客户姓名（必填）", "person_name"),
        ("收貨地址", "address"),
        ("身分證字號", "gov_id"),
        ("sfzh", "gov_id"),
        ("sjh", "phone"),
        ("電話番号", "phone"),
        ("생년월일", "birth_date"),
        ("Số điện thoại", "phone"),
        ("nama_lengkap", "person_name"),
        ("เบอร์โทรศัพท์", "phone"),
        ("mobilePhone2", "phone"),
        ("id_card_no", "gov_id"),
        ("user_password", "credential"),
        ("product_name", "product"),
        ("company_name", "product"),
        ("order_sn", "order_number"),
        ("運單號", "tracking_number"),
    ],
)
def test_label(name: str, label: str) -> None:
    """The name says what its cells hold."""
    named = label_of(name)
    assert named is not None
    assert named.label.label == label
    assert not named.weak


@pytest.mark.parametrize("name", ["name", "xm", "state", "contact", "名称", "note"])
def test_doubtful_names(name: str) -> None:
    """A name that fits many things needs more evidence."""
    named = label_of(name)
    assert named is not None
    assert named.weak


@pytest.mark.parametrize("name", ["weight_mm", "status", "sort", "x", "", "1", "___"])
def test_names_that_say_nothing(name: str) -> None:
    """No label at all."""
    assert label_of(name) is None or not label_of(name).label.personal  # type: ignore[union-attr]


@given(st.text(max_size=40))
def test_any_text_is_a_name(text: str) -> None:
    """Whatever a header holds, it is read without error, the same in any casing of ASCII."""
    assert label_of(text) == label_of(text)
    assert all(word for word in words(text))
