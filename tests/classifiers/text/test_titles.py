"""Names by titles, labels and lists, where a script has no model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.text.engines import BY_RULES, default_engines
from classifiers.text.gate import is_prose
from classifiers.text.language import languages
from classifiers.text.titles import TitleEngine

ENGINES = default_engines()


def persons(text: str) -> list[str]:
    """The persons that the text's own engine finds."""
    (language,) = languages(text)
    (mentions,) = ENGINES[language].mentions([text])
    return [text[item.start : item.end] for item in mentions]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Директор Андрей Викторович Лаптев подписал", "Андрей Викторович Лаптев"),
        ("По словам Марии Соколовой, груз задержали", "Марии Соколовой"),
        ("Получатель: Нурлан Сейтжанов, Караганда", "Нурлан Сейтжанов"),
        ("Тренер Гаврилов доволен", "Гаврилов"),
        ("قال الوزير خالد المنصوري إن المشروع سيبدأ", "خالد المنصوري"),
        ("الاسم: يوسف إبراهيم الهاتف", "يوسف إبراهيم"),
        ("श्री राजेश कुमार ने कहा", "राजेश कुमार"),
        ("प्रिया ने पैसे दिए", "प्रिया"),
        ("አቶ ተስፋዬ በቀለ ትናንት ተናገሩ", "ተስፋዬ በቀለ"),
        ("ဦးအောင်မြင့် က ပြောသည်", "အောင်မြင့်"),
        ("លោកស្រី ចាន់ សុភា ជាអតិថិជន", "ចាន់ សុភា"),
        ("ທ່ານ ສົມສັກ ວົງສາ ກ່າວວ່າ", "ສົມສັກ ວົງສາ"),
    ],
)
def test_titles_labels_and_given_names(text: str, want: str) -> None:
    """Each script has its own; what holds the name reaches the engine."""
    assert is_prose(text)
    assert want in persons(text)


@pytest.mark.parametrize(
    "text",
    [
        "Российская Федерация и Республика Казахстан подписали соглашение",
        "Вчера в Москве прошёл дождь",
        "ارتفعت أسعار النفط اليوم",
        "आज मौसम अच्छा है",
        "ዕቃው አልደረሰም",
        "ပစ္စည်း မရောက်သေးပါ",
        "ទំនិញមិនទាន់មកដល់ទេ",
        "ສິນຄ້າຍັງບໍ່ມາຮອດ",
    ],
)
def test_sentences_without_persons(text: str) -> None:
    """Countries, weather, goods that have not come."""
    assert persons(text) == []


@given(st.sampled_from(BY_RULES), st.text(max_size=60))
def test_mentions_lie_in_the_text_and_apart(language: str, text: str) -> None:
    """Whatever the text."""
    (found,) = TitleEngine(language).mentions([text])
    ends = 0
    for mention in found:
        assert ends <= mention.start < mention.end <= len(text)
        ends = mention.end
