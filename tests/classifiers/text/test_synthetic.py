"""Made-up training sentences are marked as their slots say."""

import random

import pytest

from benchmarks.training import regions
from benchmarks.training.synthetic import LABELS, SLOT, sentences, templates

LANGUAGES = ["en", "fr", "pt", "tl", "sw", "ha", "ms", "id", "vi", "ja", "ko", "th", "zh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_draws_and_whole_names(language: str) -> None:
    """The same sentences every time; every span is a name without blanks around it."""
    made = sentences(language, "train", 120)
    assert made == sentences(language, "train", 120)
    names = [text.text[start:end] for text in made for start, end, _ in text.entities]
    assert names
    assert [name for name in names if not name or name != name.strip()] == []


def test_names_of_firms_and_places_are_no_persons() -> None:
    """`{B}` and `{D}` look like persons and are marked as what they are."""
    slots = {slot for line in templates("en", "train") for slot in SLOT.findall(line)}
    assert {"B", "D"} <= slots
    assert (LABELS["B"], LABELS["D"]) == ("ORG", "LOC")
    assert regions.business("Ray", random.Random(1)).startswith("Ray")
    assert "Jordan" in regions.namesakes()


def test_crossed_names_are_mostly_in_no_list() -> None:
    """Else they would teach the model to trust the lists."""
    source = random.Random(3)
    known = {name for names in regions.all_names() for name in names}
    crossed = [regions.crossed(source).lower() for _ in range(200)]
    assert sum(name in known for name in crossed) < 60
    assert min(map(len, crossed)) >= 4
