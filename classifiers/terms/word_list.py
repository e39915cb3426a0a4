"""Detectors that are lists of words, by language in `data/terms.json`.

Words of Latin script are found as whole words, those of others as they stand, since many scripts
write no spaces. A word that names a product with the noun behind it (`Muslim dress`, `孕妇装`) is
trade and refuted: the noun is looked for with the word.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Final

import regex

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict

_NOUNS: Final = (
    "abaya art awareness badge bags? bands? beads belt bible books? bra bracelet brand calendar"
    " candle caps? cards? cds? clothes clothing cookbook costume cream cushion decor decoration"
    " design diet diwali doll dress dresses dvds? fashion figurine films? flags? food friendly"
    " gifts? halal hats? hijab insoles? jeans kits? lamp leggings menorah meter monitors? movie mug"
    " necklace novel pants patch pendant pillow pins? poster prayer products? recipes? ring rosary"
    " scarf scarves shirts? shoes shop snacks? socks statue stickers? store strips? style"
    " supplements? t-shirts? tea tees? tests? themed toys? wear wedding zodiac"
).split()
_HAN_NOUNS: Final = (
    "专用 专用品 书籍 书 保健品 假发 女装 女裤 小说 帽 手串 手链 护具 摆件 服装 服 枕 枕头 检测仪"
    " 治疗仪 测试 测试纸 用品 电影 皮套 礼品 口服液 胶囊 食品 牛肉 男装 袜"
    " 装 装饰 裙 裤 衣 试纸 贴 适用 鞋 项链 食谱"
    " 專用 書籍 書 女裝 手鍊 服裝 檢測儀 用品 裝 褲 襪 項鍊 試紙 貼"
).split()
_LATIN_TAIL: Final = f"(?: (?:{'|'.join(_NOUNS)}))?"
_HAN_TAIL: Final = f"(?:{'|'.join(sorted(_HAN_NOUNS, key=len, reverse=True))})?"
_PRODUCT: Final = regex.compile(
    rf"[a-z] (?:{'|'.join(_NOUNS)})|.(?:{'|'.join(_HAN_NOUNS)})", regex.IGNORECASE
)


@lru_cache(maxsize=1)
def _terms() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(
        files("classifiers").joinpath("data/terms.json").read_bytes()
    )
    return found


def words_of(name: str) -> frozenset[str]:
    """Every word of a detector's list, in all languages."""
    return frozenset(word for words in _terms()[name].values() for word in words)


def word_detector(name: str, category: str, entity: str) -> Detector:
    """The detector of the list `name`."""
    every = words_of(name)
    latin = [word for word in every if word.isascii() or regex.match(r"\p{Latin}", word)]

    def verify(text: str) -> Verdict:
        if text.lower() not in every and _PRODUCT.search(text[-_LONGEST_TAIL:]):
            return Verdict.REFUTED
        return Verdict.LIKELY

    return Detector(
        name=name,
        category=category,
        entity=entity,
        patterns=(
            Pattern(
                "Latin",
                rf"(?<![\p{{L}}\p{{N}}])(?:{_either(latin)}){_LATIN_TAIL}(?![\p{{L}}\p{{N}}])",
                0.4,
            ),
            Pattern("other", f"(?:{_either(every.difference(latin))}){_HAN_TAIL}", 0.4),
        ),
        verify=verify,
        strong=True,
        words=True,
        version="2",
    )


_LONGEST_TAIL: Final = 16  # characters: the longest noun and a letter before it


def _either(words: Iterable[str]) -> str:
    """Alternatives, the longest first."""
    return "|".join(regex.escape(word, special_only=True) for word in sorted(words, key=_order))


def _order(word: str) -> tuple[int, str]:
    return -len(word), word
