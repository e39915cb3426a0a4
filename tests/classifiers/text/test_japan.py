"""Japanese without kana, and addresses of Japan."""

import pytest

from classifiers.text.engines import default_engines
from classifiers.text.japan import addresses
from classifiers.text.language import languages
from classifiers.text.prose import ProseClassifier
from tests.classifiers.text.test_prose import column, find


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("〒150-0041 東京都渋谷区神南1丁目19番11号 パークビル2 101号室です", slice(0, -2)),
        ("田中太郎 東京都港区芝公園4-2-8", slice(5, None)),
        ("大阪市北区梅田三丁目1番3号までお願いします", slice(0, 14)),
        ("千代田区丸の内ではなく北海道札幌市中央区北5条西2丁目", slice(11, None)),
        ("宛先は福岡県福岡市博多区博多駅前2-1-1です", slice(3, -2)),
        ("さいたま市大宮区桜木町1-7-5 ソニックシティビル10F", slice(0, None)),
    ],
)
def test_an_address_reaches_down_to_the_house(text: str, want: slice) -> None:
    """From the postcode or the prefecture to the room."""
    assert [text[item.start : item.end] for item in addresses(text)] == [text[want]]


@pytest.mark.parametrize(
    "text",
    [
        "岐阜県高山市の人口は8万人",
        "渋谷区で3-1と勝利",
        "東京都港区の第2-3号事業",
        "二十三区の人口",
        "5-0で大宮市に",
    ],
)
def test_a_place_with_a_number_near_it_is_no_address(text: str) -> None:
    """Counts, scores and numbers of things."""
    assert addresses(text) == []


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("田中太郎", ("ja", "zh")),
        ("神奈川県川崎市中原区小杉町", ("ja",)),
        ("第三営業部 斎藤", ("ja",)),
        ("寄给田中太郎了吗", ("zh",)),
        ("班级群里说明天不去北海道了", ("zh",)),
        ("武田中路的店", ("zh",)),
        ("王小明 北京市朝阳区建国路93号", ("zh",)),
    ],
)
def test_the_engines_of_han_characters_alone(text: str, want: tuple[str, ...]) -> None:
    """Characters, prefectures and surnames tell Japanese from Chinese."""
    assert languages(text) == want


def test_a_japanese_consignee_without_kana_is_found() -> None:
    """Name and address of a shipping label."""
    found = find(ProseClassifier(default_engines()), column("高橋健一 東京都港区芝公園4-2-8"))
    assert [(text, category) for text, category, _ in found] == [
        ("高橋健一", "pi_basic"),
        ("東京都港区芝公園4-2-8", "pi_delivery"),
    ]
