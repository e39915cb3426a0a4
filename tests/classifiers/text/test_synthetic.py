"""Made-up training sentences are marked as their slots say."""

import pytest

from benchmarks.training.synthetic import sentences

LANGUAGES = ["en", "fr", "pt", "tl", "sw", "ha", "ms", "id", "vi", "ja", "ko", "th", "zh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_draws_and_whole_names(language: str) -> None:
    """The same sentences every time; every span is a name without blanks around it."""
    made = sentences(language, "train", 120)
    assert made == sentences(language, "train", 120)
    names = [text.text[start:end] for text in made for start, end, _ in text.entities]
    assert names
    assert [name for name in names if not name or name != name.strip()] == []
