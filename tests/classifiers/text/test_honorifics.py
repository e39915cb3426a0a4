"""Names by honorific, label or introduction."""

import pytest

from classifiers.text.engines import default_engines
from classifiers.text.honorifics import finder, with_called
from classifiers.text.model import Kind, Mention


@pytest.mark.parametrize(
    ("language", "text", "want"),
    [
        ("ja", "結衣ちゃん、また明日", ["結衣"]),
        ("ja", "今日は佐藤健太さんと会う", ["佐藤健太"]),
        ("ja", "マリアさんは通訳です", ["マリア"]),
        ("ja", "氏名：三上 洋平", ["三上 洋平"]),
        ("ja", "フリガナ：ミカミ ヨウヘイ", ["ミカミ ヨウヘイ"]),
        ("ja", "お客様、皆様、神様、娘さん、看護師さん", []),
        ("ja", "はるみさんと智ちゃん", ["はるみ", "智"]),
        ("ja", "与那嶺さんが留守、係の三宅が伺う", ["与那嶺", "三宅"]),
        ("ja", "翔太が来た", ["翔太"]),
        ("ja", "赤ちゃん、たくさん、みなさん、八百屋さん、大工さん、弁護士の紹介", []),
        ("ja", "ドライバーさんとユーザーさん", []),
        ("ja", "営業部長と事務局長と鉄道監督", []),
        ("ko", "받는 분 남궁혜진", ["남궁혜진"]),
        ("ko", "주문자 성함은 표창원입니다", ["표창원"]),
        ("ko", "이 선생님이 오셨다", ["이 선생님"]),
        ("ko", "서 대리님 결재 부탁", ["서 대리님"]),
        ("ko", "한가람 고객님", ["한가람"]),
        ("ko", "전 사장이 물러났다. 위원장은 말했다. 이 과장된 광고", []),
        ("ko", "선생님, 고객님, 구매자님, 담당자: 연락처", []),
        ("th", "บอยกับมิ้นท์ไปกินข้าว", ["บอย", "มิ้นท์"]),
        ("th", "ฝากบอกโอ๊ตด้วยนะ", ["โอ๊ต"]),
        ("th", "แบงค์ไหนโอนฟรี เดือนหน้าจะมา", []),
        ("th", "บอยกับเพื่อน" + "ไปกินข้าวที่ร้านใหม่" * 3, []),  # long: the model knows better
        ("th", "พี่นกโทรมา", ["นก"]),
        ("th", "ส่งให้คุณประภาสที่บ้าน", ["ประภาส"]),
        ("th", "ผมชื่อวิชัยครับ", ["วิชัย"]),
        ("th", "คุณภาพดี คุณสมบัติครบ พี่น้องประชาชน น้องสาว", []),
        ("th", "เจ้าหน้าที่ตำรวจ หัวหน้าพรรค ชื่อเสียง", []),
        ("en", "Merci, je transmets à Mlle Benali.", ["Benali"]),
        ("en", "Favor entregar para Dona Célia, Rua das Palmeiras", ["Célia"]),
        ("en", "ask Mrs. O'Brien Smith-Jones and Mr Lim", ["O'Brien Smith-Jones", "Lim"]),
        ("en", "Miss Universe and Mr President met in Elm Dr Austin", []),
        ("id", "Halo Mbak Dewi, salam untuk Pak Ahmad bin Ismail", ["Dewi", "Ahmad bin Ismail"]),
        ("id", "Ibu Kota baru di Jalan Datuk Keramat, Bapak Presiden hadir", []),
    ],
)
def test_who_is_called_by_name(language: str, text: str, want: list[str]) -> None:
    """Listed names behind honorifics, declared names behind labels, and no words."""
    find = finder(language)
    assert find is not None
    assert sorted(text[item.start : item.end] for item in find(text)) == sorted(want)


def test_which_languages_have_such_rules() -> None:
    """Chinese has its own; Vietnamese calls people by the name alone."""
    names = ("zh", "ja", "ko", "th", "en", "vi", "id")
    assert [name for name in names if finder(name)] == ["ja", "ko", "th", "en", "id"]


def test_a_person_called_by_name_pushes_aside_what_was_taken_for_a_thing() -> None:
    """But not the person that a model found there, whose span may be longer."""
    called = [Mention(0, 2, Kind.PERSON), Mention(10, 12, Kind.PERSON)]
    model = [Mention(0, 6, Kind.ORGANIZATION), Mention(8, 12, Kind.PERSON)]
    longer = [Mention(0, 6, Kind.ORGANIZATION), model[1]]
    assert with_called(longer, called, aside=False) == longer
    titled = [Mention(5, 12, Kind.PLACE)]  # Mme Roux
    assert with_called(titled, called[1:], aside=False) == called[1:]
    assert with_called(model, called, aside=True) == [called[0], model[1]]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Hello, I am Pemba Tshering and my invoice is wrong", ["Pemba Tshering"]),
        ("Caller P. Velmurugan asked about customs", ["P. Velmurugan"]),
        ("ask aunty rosnah about the kuih", ["rosnah"]),
        ("weijie said no, julie too", ["weijie", "julie"]),
        ("Bongani Grzelak paid", ["Bongani Grzelak"]),
        ("Vimal and I went home", ["Vimal"]),
        ("Hi Anand, kevin left", ["Anand", "kevin"]),
        ("the cleric Haidar al-Fayez said so", ["Haidar al-Fayez"]),
        ("Prof. Anwesh Rao and Doctor Okoye", ["Anwesh Rao", "Okoye"]),
        ("Tea and I, Captain America, Mang Inasal, Lake Jennifer", []),
        ("This is Great value", []),
        ("Dear Customer, Hello Kitty is sold out", []),
        ("uncle said ok", []),
        ("write to julie@shop.example or julie...@shop.example", []),
        ("from San Francisco to St. Patrick's Hall, Michelle Street", []),
    ],
)
def test_given_names_and_introductions(text: str, want: list[str]) -> None:
    """In any letters, by lists alone; what the lists know for something else stays."""
    rules = finder("en")
    assert rules is not None
    assert [text[item.start : item.end] for item in rules(text)] == want


@pytest.mark.parametrize(
    "text",
    [
        "St. Thomas was redeveloped",
        "Melody Road is closed",
        "Malcolm Smith Motorsports",
        "Alan 's Garage fixed it",
        "Hurricane Julie hit the coast",
        "Yessss , it works",
        "Is it from Marriott or from Hyatt ?",
    ],
)
def test_venues_are_no_persons(text: str) -> None:
    """Streets, shops, churches and storms bear persons' names; a cry only looks like one."""
    (found,) = default_engines()["en"].mentions([text])
    assert [item for item in found if item.kind is Kind.PERSON] == []
