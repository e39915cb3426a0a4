"""Japan without kana, and its addresses down to the house.

A cell of Han characters alone may be Japanese: its characters, a prefecture or a surname tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from classifiers.text.model import Kind, Mention

_PREFECTURES: Final = (
    "北海道(?=[^。]{1,5}[市区町村郡])|東京都|(?:大阪|京都)府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川"
    "|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島"
    "|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県"
)
# Forms of characters that neither simplified nor traditional Chinese writes, and Japan's own.
_ONLY_JAPANESE: Final = re.compile(
    "[々囲壱営応覚関気継軽経権険顕験広鉱斎雑歯渋獣渉譲醸穂髄斉摂銭荘捜挿騒臓沢択単弾遅鋳聴稲悩脳廃売発髪抜払仏辺薬揺頼覧竜両塁歴労込辻峠働栃凪笹榊"
    "雫躾丼]"
)
_SURNAMES: Final = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡邉 山本 中村 小林 加藤 吉田 山田 "
    "佐々木 山口 松本 井上 木村 斎藤 斉藤 齋藤 清水 山崎 阿部 池田 橋本 石川 "
    "山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 "
    "福田 太田 西村 藤井 金子 岡本 藤原 三浦 中野 中川 原田 松田 竹内 小野 "
    "中山 和田 石田 森田 上田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小島 "
    "工藤 谷口 今井 高田 丸山 増田 杉山 村田 大塚 新井 藤本 小山 平野 河野 "
    "上野 野口 武田 松井 千葉 菅原 岩崎 木下 久保 佐野 野村 松尾 菊地 杉本 "
    "市川 古川 大西 島田 水野 桜井 高野 渡部 吉川 山内 西田 飯田 菊池 西川 "
    "小松 北村 安田 五十嵐 川口 関口 平田 中田 服部 岩田 川崎 土屋 福島 本田 "
    "樋口 永井 秋山 山中 中西 吉村 川上 石原 大橋 松岡 馬場 浜田 森本 星野 "
    "矢野 浅野 大島 吉岡 小池 荒木 松下 野田 大久保 熊谷 松浦 内藤 黒田 尾崎 "
    "永田 川村 望月 松村 田村 荒井 大川 西山 内田 早川 小田 平井 横田 片山 "
    "本間 川島 宮田 石橋 小沢 須藤 大谷 児玉 桑原 河合 上原 八木 岡崎 成田 "
    "関根 長田 岩本 富田 三宅 奥村 山岸 桐生 小笠原 宇野 神谷 榎本 滝沢 黒川"
).split()
_SURNAME: Final = "|".join(sorted(_SURNAMES, key=len, reverse=True))
_HAN: Final = "\u4e00-\u9fff々ヶ"
_NAMED: Final = re.compile(
    f"(?:^|[ \u3000:：,、／/\n]|様|氏名|担当|名前)(?:{_SURNAME})[ \u3000]?[{_HAN}]{{1,3}}"
    f"(?=$|[ \u3000:：,、。／/（(\n]|様|氏)"
)
_PREFECTURE: Final = re.compile(_PREFECTURES)

_NUMBER: Final = "[0-9\uff10-\uff19一二三四五六七八九十百]{1,5}"
_DASH: Final = "[-\u2010-\u2015\u2212－ーの]"
_TOWN: Final = f"[{_HAN}\u30a0-\u30ff]"  # hiragana in an address is a particle more often
_HOUSE: Final = (
    f"(?:{_NUMBER}(?:丁目|番地の?|番|号室|号|地割|線|条)[東西南北]?{_DASH}?)"
    f"(?:{_NUMBER}(?:丁目|番地の?|番|号室|号|階)?{_DASH}?){{0,4}}"
    f"|{_NUMBER}(?:{_DASH}{_NUMBER}){{1,3}}(?:番地|号室|号)?"
)
_BUILDING: Final = (
    "[ \u3000]?[\u30a1-\u30ff\u4e00-\u9fffA-Za-z々・]{2,16}[ \u3000]?"
    "[A-Z]?[0-9\uff10-\uff19]{1,5}(?![0-9\uff10-\uff19])(?:号室|号|階|F|Ｆ)?"
    "(?:[ \u3000]?[0-9\uff10-\uff19]{1,5}号室)?"
)
_DIVISION: Final = (
    f"(?:{_TOWN}{{1,7}}?|さいたま|つくば|いわき|うるま|ひたちなか|あきる野|かほく|さくら|みどり)"
    "[市区町村郡]"
)
_ADDRESS: Final = re.compile(
    "(?:〒?[ ]?[0-9\uff10-\uff19]{3}[-－ー‐][0-9\uff10-\uff19]{4}[,、 \u3000]{0,2})?"
    f"(?:(?:{_PREFECTURES})[ \u3000]?(?:{_DIVISION}){{0,3}}|(?:{_DIVISION}){{1,3}})[ \u3000]?"
    f"{_TOWN}{{0,10}}?[ \u3000]?(?:{_HOUSE})(?:{_BUILDING})?"
)


# What Chinese says and Japanese does not, and forms of characters that only simplified has.
_CHINESE: Final = re.compile(
    "[你您她們们这這吗嗎呢吧哪很了我是在说对时为东车长门问间见马鱼龙飞电书买产亲从价众优传层连际厦"
    "达运进还远选邮钱银铁错镇阳陈韩顾颜]"
)


def japanese(text: str) -> bool:
    """Whether a text of Han characters with no kana is sure to be Japanese."""
    if _CHINESE.search(text):
        return False
    return bool(_ONLY_JAPANESE.search(text) or _PREFECTURE.search(text))


def names_japanese(text: str) -> bool:
    """Whether a Japanese surname begins a name that stands for itself in such a text.

    >>> names_japanese("田中太郎"), names_japanese("在田中央")
    (True, False)
    """
    return _NAMED.search(text) is not None


def addresses(text: str) -> list[Mention]:
    """Addresses down to a block or a house: 東京都港区芝公園4-2-8, 渋谷区神南一丁目19番11号."""
    return [
        Mention(match.start(), match.end(), Kind.PLACE, 0.9) for match in _ADDRESS.finditer(text)
    ]


def with_addresses(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """`mentions` with the addresses in place of what they overlap."""
    found = addresses(text)
    kept = [
        item
        for item in mentions
        if not any(spot.start < item.end and item.start < spot.end for spot in found)
    ]
    return sorted([*kept, *found])
