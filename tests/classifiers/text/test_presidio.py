"""The engines within Presidio."""

import pytest

from classifiers.text.presidio import analyzer, recognizers

TEXT = "张三丰的电话是多少？请问住在上海的王女士。"


def test_an_analyzer_finds_what_the_engine_finds() -> None:
    """Spans and entities come through Presidio unchanged."""
    found = analyzer(["zh"]).analyze(TEXT, language="zh")
    assert {(TEXT[item.start : item.end], item.entity_type) for item in found} == {
        ("张三丰", "PERSON"),
        ("上海", "LOCATION"),
        ("王女士", "PERSON"),
    }


def test_only_wanted_entities_are_given() -> None:
    """An analyzer asked for persons gets persons."""
    found = analyzer(["zh"]).analyze(TEXT, language="zh", entities=["PERSON"])
    assert {item.entity_type for item in found} == {"PERSON"}


def test_languages_share_engines() -> None:
    """Malay is read by the engine for Indonesian, loaded once."""
    names = [item.name for item in recognizers(["id", "ms"])]
    assert names == ["text.id", "text.id"]


def test_an_unknown_language_is_an_error() -> None:
    """No silent nothing for a language that nobody reads."""
    with pytest.raises(KeyError, match="xx"):
        recognizers(["xx"])
