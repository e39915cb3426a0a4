"""Which engines read a text."""

import pytest

from classifiers.text.language import languages


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("张三到了", ("zh",)),
        ("張三到了", ("zh",)),
        ("請聯絡 Alice Tan 小姐", ("zh", "en")),
        ("ラーメンを食べた", ("ja",)),
        ("田中太郎さんは東京都に住んでいます", ("ja",)),
        ("鲜の味道很好下次再来", ("zh",)),
        ("ご注文者：御手洗 涼", ("ja", "zh")),  # の alone is Chinese too, other kana are not
        ("김민수 씨", ("ko",)),
        ("คุณสมชาย", ("th",)),
        ("Anh Hùng ở Hà Nội", ("vi",)),
        ("Bapak Budi tinggal di Jakarta", ("id",)),
        ("Encik Ahmad bin Ismail dari Kuala Lumpur", ("id", "en")),
        ("John Smith lives here", ("en",)),
        ("12345", ()),
        ("محمد علي", ("ar",)),
        ("Иван приехал", ("ru",)),
        ("nguoi nhan Tran Van Hung, dia chi so 8", ("vi",)),
        ("", ()),
    ],
)
def test_engines_by_script(text: str, want: tuple[str, ...]) -> None:
    """The main script's engine comes first, that of foreign words second."""
    assert languages(text) == want


def test_a_few_kana_do_not_hide_a_chinese_text() -> None:
    """Between Chinese and Japanese both engines read."""
    assert languages("张三丰の李四光の") == ("ja", "zh")


def test_kanji_heavy_japanese_is_not_read_as_chinese() -> None:
    """Endings tell Japanese from Chinese with a stray kana."""
    assert languages("農業総合研究所は二〇〇五年から納豆の新品種を開発した") == ("ja",)
