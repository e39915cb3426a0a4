"""Persons that underthesea finds beside our own Vietnamese engine. Needs the extra."""

import pytest

from classifiers.text.engines import default_engines
from classifiers.text.model import Kind, Mention

pytest.importorskip("underthesea")
from classifiers.text.underthesea import UndertheseaEngine


class Silent:
    def mentions(self, texts):
        return [[] for _ in texts]


class Whole:
    def mentions(self, texts):
        return [[Mention(0, len(text), Kind.PLACE)] for text in texts]


TEXT = "Giáo sư Emily Carter gọi cho  chị Nguyễn Thị Hoa\nở Hà Nội."


def test_persons_are_found_where_they_stand() -> None:
    """Names of several words, however they are spaced."""
    found = UndertheseaEngine(Silent()).mentions([TEXT])[0]
    assert [TEXT[item.start : item.end] for item in found] == ["Emily Carter", "Nguyễn Thị Hoa"]
    assert {item.kind for item in found} == {Kind.PERSON}


def test_our_own_mentions_come_first() -> None:
    """What overlaps one of them is left out."""
    assert UndertheseaEngine(Whole()).mentions([TEXT]) == Whole().mentions([TEXT])


@pytest.mark.parametrize("text", ["", " ", "\u0300", "Đ", "à\x00b", "à" * 240, "..à " * 60])
def test_odd_texts_are_read(text: str) -> None:
    """No text makes it fail."""
    assert UndertheseaEngine(Silent()).mentions([text, TEXT])[1]


def test_where_it_is_installed_it_is_used() -> None:
    """And the version, which audit entries name, tells."""
    engine = default_engines()["vi"]
    assert engine.version.endswith("+underthesea")
    assert isinstance(engine.loaded(), UndertheseaEngine)
