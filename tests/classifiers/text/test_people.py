"""A person named twice is one person, also by a part of the name."""

import pytest

from classifiers.text.model import Kind, Mention
from classifiers.text.people import People


def completed(text: str, *names: str) -> list[str]:
    """What counts as a person where an engine found the first place of each of `names`."""
    mentions = [
        Mention(start, start + len(name), Kind.PERSON)
        for name in names
        if (start := text.find(name)) >= 0
    ]
    found = People(names).complete(text, sorted(mentions))
    return [text[item.start : item.end] for item in found]


@pytest.mark.parametrize(
    ("text", "name", "want"),
    [
        ("王小明来了，小明又走了", "王小明", ["王小明", "小明"]),
        ("埃德温·哈洛获奖，哈洛很高兴", "埃德温·哈洛", ["埃德温·哈洛", "哈洛"]),
        ("Chidi Okonkwo called; Okonkwo, or Chidi, will wait", "Chidi Okonkwo",
         ["Chidi Okonkwo", "Okonkwo", "Chidi"]),
        ("Mr Feith left early, but Feith called", "Feith", ["Feith", "Feith"]),
        ("Dr. O'Brien, then Puan Rokiah; Rokiah paid, not O'Brien", "O'Brien",
         ["O'Brien", "O'Brien"]),
        ("小明说王小明来了", "王小明", ["小明", "王小明"]),
        ("张三丰来了，张三丰走了", "张三丰", ["张三丰", "张三丰"]),
    ],
)  # fmt: skip
def test_parts_of_a_name_stand_for_it(text: str, name: str, want: list[str]) -> None:
    """Given names, family names, in any order."""
    assert completed(text, name) == want


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Will Turner left. Will it rain?", "Will Turner"),
        ("Ada Li and Lima", "Ada Li"),  # two letters are no part, nor within a word
        ("Feith left early, but Feith Street is long", "Feith"),  # no title tells
        ("Mr Rose grows a Rose", "Rose"),
        ("Mr Feith lives in Feith Street", "Feith"),
        ("Juan Cruz saw a Cruzeiro", "Juan Cruz"),
        ("Studi Wijaya memimpin Program Studi Hukum", "Studi Wijaya"),
        ("王明来了，明天再来", "王明"),  # one character stands for nobody
        ("小米手机，小米电脑", "小米手"),  # 小 is no surname
    ],
)
def test_what_only_looks_like_a_part(text: str, name: str) -> None:
    """Words, single characters and pieces of other words stay."""
    assert completed(text, name) == [name]


def test_parts_count_within_their_text_only() -> None:
    """小明 elsewhere may be somebody else's."""
    people = People(["王小明"])
    assert people.complete("小明说", []) == []
