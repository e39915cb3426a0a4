"""The form that engines read, and the way back."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from classifiers.text.readable import readable

ZERO_WIDTH = "\u200b"


def test_invisible_characters_go_and_spans_come_back() -> None:
    """A name laced with zero-width spaces is read whole and covered whole."""
    form = readable(f"x张{ZERO_WIDTH}三{ZERO_WIDTH}丰y")
    assert form.text == "x张三丰y"
    assert form.span(1, 4) == (1, 6)


def test_decomposed_letters_are_composed() -> None:
    """Vietnamese typed with combining marks reads as one typed without."""
    text = unicodedata.normalize("NFD", "Nguyễn Hùng")
    form = readable(text)
    assert form.text == "Nguyễn Hùng"
    start, end = form.span(0, 6)
    assert unicodedata.normalize("NFC", text[start:end]) == "Nguyễn"


def test_fullwidth_letters_fold_and_punctuation_stays() -> None:
    """Japanese punctuation is a hint; fullwidth Latin is Latin."""
    assert readable("ＪＯＨＮ：レッドフォー").text == "JOHN：レッドフォー"


def test_markup_is_not_read_but_what_it_shows_is() -> None:
    """Attributes of style are blank, an image's description is text; offsets stay."""
    text = '<p style="font-family: Times New Roman">张三<img src="a/b.jpg" alt="李四"></p>'
    form = readable(text)
    assert form.text.split() == ["张三", "李四"]
    start = form.text.index("李四")
    assert form.span(start, start + 2) == (text.index("李四"), text.index("李四") + 2)


def test_less_than_is_no_markup() -> None:
    """A comparison stays as it is."""
    assert readable("a < b and c > d").text == "a < b and c > d"


@given(st.text())
def test_any_text_has_a_form(text: str) -> None:
    """Spans of the form lie in the text."""
    form = readable(text)
    for index in range(len(form.text)):
        start, end = form.span(index, index + 1)
        assert 0 <= start < end <= len(text)
