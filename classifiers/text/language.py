"""Which engines read a text: by its script, and for the Latin script by its letters and words."""

from __future__ import annotations

import re
from typing import Final

from classifiers.text.japan import japanese, names_japanese

_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA: Final = re.compile("[\u3040-\u30ff\uff66-\uff9f]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_THAI: Final = re.compile("[\u0e00-\u0e7f]")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_VIETNAMESE: Final = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_MALAY_WORDS: Final = (
    "yang dan di ke dari untuk dengan pada adalah ini itu tidak akan telah sudah saya anda kami"
    " kita mereka dia ia oleh dalam sebagai juga atau karena kerana bahwa bahawa bapak ibu pak bu"
    " encik puan tuan jalan jl jln nama alamat telepon telefon penerima pelanggan pesanan hari jam"
    " pukul tolong sila silakan hubungi bisa boleh belum lagi sama bin binti yth saudara kepada"
    " seorang merupakan tahun tersebut setelah beberapa sangat menjadi pernah bersama terdapat"
    " secara berbagai dkk tanggal nomor sejak hingga sampai seperti namun tetapi bagi serta"
    " maka agar ketika dapat harus lebih semua orang besar baru masih lalu hanya sekitar selain"
    " antara kota desa negara menurut adik kakak anak rumah kepala wakil ketua bulan minggu senin"
    " selasa rabu kamis khamis jumat sabtu ahad isnin jumaat harga barang toko kedai uang wang"
).split()
_MALAY: Final = frozenset(_MALAY_WORDS)
_OF_MALAYSIA: Final = frozenset(  # what Indonesian says otherwise
    (
        "encik puan cik tuan datuk dato datin sila tolong nak tak pasal esok semalam kedai hantar"
        " cikgu telefon kerana bahawa polis ialah awak kerajaan syarikat pejabat isnin selasa rabu"
        " khamis ahad wang bayaran bin binti"
    ).split()
)
_MALAY_FORM: Final = re.compile(
    "(?:meng|meny|memp|memb|mendi|menj|menc|peng|penj|pemb|diper|keber).{3,}|.{3,}(?:nya|kan)"
)
# Vietnamese typed without marks: words that neither English nor Malay has.
_UNMARKED: Final = frozenset(
    (
        "nguoi nhan khach hang chua duoc khong dien thoai dia giao nha duong quan phuong huyen"
        " thanh pho toi ten cua muon doi tra hoi gui cam oi roi nay anh chi ong ba co em ho va"
        " nguyen tran pham hoang huynh vu vo dang bui ngo duong thi van don so"
    ).split()
)
_UNMARKED_SHARE: Final = 2  # one of so many words, and three at least
_UNMARKED_LEAST: Final = 3
_JAPANESE_SHARE: Final = 5  # one kana in so many Han characters makes a text Japanese
_BOTH_SHARE: Final = 2  # less kana than one in so many, and the text may be Chinese all the same
_BOTH_SHARE_INFLECTED: Final = 4  # the same where Japanese endings or particles stand
_NOT_NO: Final = re.compile("[\u3041-\u306d\u306f-\u309f]")  # の is seen in names of Chinese shops
_INFLECTED: Final = re.compile("[\u3041-\u309f]{2}")
_MALAY_SHARE: Final = 8  # one function word in so many words


ALPHABETIC: Final = frozenset({"vi", "id", "en"})
_DENSE: Final = re.compile(
    "[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f]"
)


def has_dense(text: str) -> bool:
    """Whether a character of a script written without spaces, or of Hangul, is in the text."""
    return not text.isascii() and _DENSE.search(text) is not None


def without_dense(text: str) -> str:
    """The text with such characters as blanks, one for one.

    >>> without_dense("请问Alice在吗")
    '  Alice  '
    """
    return text if text.isascii() else _DENSE.sub(" ", text)


def languages(text: str) -> tuple[str, ...]:
    """The engines for a text, the one of its main script first; () where we have none.

    >>> languages("张三 called 李四"), languages("東京のラーメン"), languages("xin chào bạn")
    (('zh',), ('ja',), ('vi',))
    """
    found = [] if text.isascii() else list(_dense(text))
    words = _WORD.findall(without_dense(text))
    latin = [word for word in words if _LATIN.match(word)]
    if len(latin) >= (2 if found else 1):
        found += _alphabetic(text, latin)
    return tuple(found)


def _dense(text: str) -> list[str]:
    han, kana = len(_HAN.findall(text)), len(_KANA.findall(text))
    found = []
    if (kana >= 2 and kana * _JAPANESE_SHARE >= han) or (kana and _NOT_NO.search(text)):
        found.append("ja")
    share = _BOTH_SHARE_INFLECTED if _INFLECTED.search(text) else _BOTH_SHARE
    sure = not kana and han >= 2 and japanese(text)
    if sure or (not kana and han >= 2 and names_japanese(text)):
        found.append("ja")
    if han >= 2 and kana * share < han and not sure:
        found.append("zh")
    if len(_HANGUL.findall(text)) >= 2:
        found.append("ko")
    if len(_THAI.findall(text)) >= 3:
        found.append("th")
    return found or [name for name, letters in _BY_RULES if len(letters.findall(text)) >= 2]


# Scripts read by titles, labels and lists of names only (`classifiers.text.titles`).
_BY_RULES: Final = tuple(
    (name, re.compile(f"[{block}]"))
    for name, block in (
        ("ru", "\u0400-\u052f"),
        ("ar", "\u0600-\u06ff"),
        ("hi", "\u0900-\u097f"),
        ("am", "\u1200-\u137f"),
        ("my", "\u1000-\u109f"),
        ("km", "\u1780-\u17ff"),
        ("lo", "\u0e80-\u0eff"),
    )
)


def _alphabetic(text: str, words: list[str]) -> tuple[str, ...]:
    if _VIETNAMESE.search(text):
        return ("vi",)
    lower = [word.lower() for word in words]
    unmarked = len(_UNMARKED.intersection(lower))
    if unmarked >= _UNMARKED_LEAST and unmarked * _UNMARKED_SHARE >= len(set(lower)):
        return ("vi",)
    malay = sum(word in _MALAY or _MALAY_FORM.fullmatch(word) is not None for word in lower)
    if malay * _MALAY_SHARE < len(words):
        return ("en",)
    # Malay names of Chinese, Indian and Arab families are better known to the other engine.
    return ("id",) if _OF_MALAYSIA.isdisjoint(lower) else ("id", "en")
