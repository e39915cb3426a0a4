"""The canonical form and the way back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.canonical import Canonical, canonical, unusual


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("１３８＠ａ．ｃｏｍ", "138@a.com"),
        ("١٣٨", "138"),
        ("१३८", "138"),
        ("𝟏𝟑𝟖", "138"),
        ("1\u200b3\u00ad8\u2060", "138"),
        ("138\u00a00013\u20098000", "138 0013 8000"),
        ("138‐0013–8000", "138-0013-8000"),
        ("138·0013", "138-0013"),
        ("\u202e138\u202c", "138"),
        ("a\ufe0fb\U000e0041", "ab"),
        ("电话138—1234—5678", "电话138-1234-5678"),
        ("电话138\u30001234。5678——好", "电话138 1234-5678--好"),
    ],
)
def test_folds(text: str, want: str) -> None:
    """Digits of all scripts, invisible characters, dashes, spaces."""
    assert canonical(text).text == want


@given(st.text())
def test_spans_map_back(text: str) -> None:
    """Every canonical character comes from its span: a code point and the marks that join it."""
    form = canonical(text)
    for index in range(len(form.text)):
        start, end = form.span(index, index + 1)
        assert 0 <= start < end <= len(text)
        assert all(unicodedata.category(char) in ("Mn", "Lo") for char in text[start + 1 : end])
        assert start >= 0


@given(st.text("0123456789１２３ ٤٥६७-_./\u200b\u00a0·abc＠@аеΑ", max_size=30))
def test_once_is_enough(text: str) -> None:
    """The canonical form of a canonical form is itself."""
    once = canonical(text).text
    assert canonical(once).text == once


@given(st.text(st.characters(max_codepoint=127)) | st.text(st.sampled_from("中文，、123abc")))
def test_plain_text_is_itself(text: str) -> None:
    """ASCII and plain Chinese cost nothing."""
    form = canonical(text)
    assert form.text is text
    assert form.origins is None


@given(
    st.lists(
        st.text(st.sampled_from("0138 .-\n\t\0一三八零甲乙，。—\u3000é１\u200bа"), max_size=30),
        max_size=9,
    )
)
def test_texts_tried_together_are_told_apart(texts: list[str]) -> None:
    """A text that is not named as unusual is its own canonical form."""
    named = unusual(texts)
    assert named == sorted(set(named))
    for index in set(range(len(texts))) - set(named):
        assert canonical(texts[index]) == Canonical(texts[index], None)
