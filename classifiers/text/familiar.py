"""Japanese persons called by a short name: 山ちゃん, ゆうこさん, 配達員の古川が, 翔太が来た.

The model learnt from an encyclopaedia, where nobody is called so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from classifiers.text.model import Kind, Mention

_SCORE: Final = 0.7
_CHAT: Final = 40  # characters; in longer texts the model knows better who is named barely
_HAN: Final = "[\u3400-\u9fff々]"
# Who is no name though a person is meant: 看護師さん, 運転手さん, 大家さん.
_ROLE: Final = re.compile(".*[員者屋師手士官主方客母父兄姉妹弟子人家長生族隊婦侍坊娘孫]")
_POLITE: Final = re.compile(f"(?<![\u3400-\u9fff々おご])(?P<name>{_HAN}{{2,3}})さん")
_DEAR: Final = re.compile(
    f"(?<!{_HAN})(?P<name>(?![赤嬢坊兄姉爺婆猫犬末奥客]){_HAN})(?:ちゃん|くん)"
)
_HIRAGANA: Final = re.compile(
    "(?<![\u3041-\u309f])(?P<name>[\u3041-\u309f]{2,4})(?:さん|ちゃん|くん)"
)
_KIN: Final = frozenset(
    "おく みな たく おとう おかあ おにい おねえ おじ おば おじい おばあ むすめ むすこ".split()
)
_IN_ROLE: Final = re.compile(
    "(?:配達員|担当者?|店員|記者|医師|弁護士|運転手|講師|係|係員|スタッフ|ドライバー)の"
    f"(?P<name>{_HAN}{{2,3}})(?=[がはもをにと、。]|さん|氏|様)"
)
_BARE: Final = re.compile(
    "(?<![\u3400-\u9fff々\u30a0-\u30ff])(?![一二三四五六七八九十年])"
    f"(?P<name>{_HAN}{{2}})(?=[とがはも、]|に[聞会言頼伝渡]|$)"
)


class Familiar:
    """The rules with the lists of names and words. Immutable."""

    def __init__(self, lexicon: Mapping[str, Sequence[str]]) -> None:
        """`lexicon` as the Japanese model has it."""
        self._given: Final = frozenset(lexicon["g"])
        self._family: Final = frozenset(lexicon["s"])
        self._words: Final = frozenset(lexicon["w"])
        self._only_given: Final = self._given.difference(*(lexicon[kind] for kind in "wnops"))

    def __call__(self, text: str) -> Iterator[Mention]:
        """Who is called so; the same place may be told twice."""
        short = len(text) <= _CHAT
        for pattern in (_POLITE, _DEAR, _HIRAGANA, _IN_ROLE, *([_BARE] if short else [])):
            for match in pattern.finditer(text):
                if self._holds(pattern, match["name"]):
                    yield Mention(*match.span("name"), Kind.PERSON, _SCORE)

    def _holds(self, pattern: re.Pattern[str], name: str) -> bool:
        if pattern is _POLITE:
            return name not in self._words and _ROLE.fullmatch(name) is None
        if pattern is _HIRAGANA:
            return name in self._given and name not in _KIN
        if pattern is _IN_ROLE:
            return name in self._family
        return pattern is _DEAR or name in self._only_given
