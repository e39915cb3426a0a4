"""Names that an honorific or a label tells, beside the models.

The models know news better than chat, where people are called by a short name and an honorific:
美咲ちゃん, 이 선생님, น้องแป้ง. Only names of the language's lists count, or what a label declares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Final

from classifiers.text.familiar import Familiar
from classifiers.text.given import GivenNames
from classifiers.text.lexicon import read_lexicon
from classifiers.text.model import Kind, Mention
from classifiers.text.spans import distinct, merged
from classifiers.text.titles import read_lists

Finder = Callable[[str], Iterator[Mention]]
_SCORE: Final = 0.8

_JA_TITLES: Final = (
    "さん|さま|くん|君|ちゃん|様|氏|先輩|課長|部長|係長|社長|店長|主任|監督|選手|議員|知事|首相"
    "|大臣|教授|容疑者|被告"
)
_JA_CALLED: Final = re.compile(
    f"(?P<name>[\u3400-\u9fff々ヶ]{{1,8}}|[\u30a1-\u30faー・]{{2,14}})(?:{_JA_TITLES})"
)
_JA_LABELLED: Final = re.compile(
    "(?:担当者?|氏名|お?名前|宛名|受取人|送り主|フリガナ|ふりがな|カナ|患者名?|ご?予約(?:者|名)|ご?注文者|申込者"
    "|契約者|保護者|連絡先|緊急連絡先)[ \u3000]?[:：][ \u3000]?"
    "(?P<name>[\u3400-\u9fff々ヶ]{1,4}[ \u3000]?[\u3400-\u9fff々ヶぁ-ん]{1,4}"
    "|[\u30a1-\u30faー]{2,8}[ \u3000・][\u30a1-\u30faー]{2,8})(?![\u3041-\u30ff\u3400-\u9fff])"
)
# One character is a surname by itself only where hardly a word is meant.
_JA_SINGLE: Final = frozenset("林森堀関岡柳菅辻榊桂牧谷")

_KO_SURNAME: Final = (
    "(?:남궁|황보|제갈|선우|독고|사공|서문|[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하"
    "곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용])"
)
_KO_LABELLED: Final = re.compile(
    "(?:받는 ?(?:분|사람)|보내는 ?(?:분|사람)|수령인|수취인|주문자|성함|이름|고객명|예약자명?"
    "|입금자명?|환자명?|보호자|담당자)[은는]?[ :：]{1,3}(?!성함|이름|성명|연락|주소|전화|정보)"
    f"(?P<name>{_KO_SURNAME}[가-힣]{{1,3}}?)(?=$|[ ,./()\n]|님|씨|입니다|이고|이며|이에요|예요)"
)
_KO_TITLED: Final = re.compile(
    f"(?<![가-힣])(?![전현한본각두세여구신주인반] |위원장){_KO_SURNAME} ?"
    "(?:선생님|과장|대리|부장|차장|사장|팀장|교수|원장|실장|주임|상무|전무)(?:님)?"
    "(?=$|[ ,.!?]|이 |이|가|은|는|께|한테|도|을|를|의|과|와)"
)

_KO_CALLED: Final = re.compile(
    f"(?<![가-힣])(?P<name>{_KO_SURNAME}[가-힣]{{2}}) ?"
    "(?=고객님|회원님|씨(?![가-힣])|씨[가는를와의께])"
)

_TH_CALLED: Final = re.compile(
    "(?:คุณ|พี่|(?<!พี่)น้อง|ป้า|ลุง|เจ๊|เจ้|เฮีย|ครู|หมอ|ช่าง|อาจารย์) ?(?=[\u0e01-\u0e44])"
)
_TH_NAMED: Final = re.compile("(?:ชื่อ(?:ว่า)?|ดิฉัน|ผม|หนู)[ :]{0,2}(?=[\u0e01-\u0e44])")
_TH_AFTER: Final = re.compile(r"$|[ ,.\n]|นะ|คะ|ค่ะ|ครับ|จาก|เบอร์|อายุ|โทร|และ|เป็น|อยู่")
_TH_LABELLED: Final = re.compile("(?:ผู้รับ|ผู้ส่ง|ผู้ป่วย|ลูกค้า|ส่งให้|โอนให้)[ :]{0,2}(?=[\u0e01-\u0e44])")
_TH_NO_END: Final = re.compile("[\u0e30-\u0e3a\u0e45-\u0e4e]")  # the same syllable goes on
# In chat names stand barely: บอยกับมิ้นท์ไป, ฝากบอกโอ๊ตด้วย.
_TH_ACTS: Final = re.compile(
    "กับ|บอก|ไม่|มา|ไป|อยู่|โทร|ส่ง|จะ|โอน|รับ|ขอ|ฝาก|ยัง|ได้|ก็|ด้วย|ว่า|นะ|ดู|ที่|แล้ว|หรือ"
)
_TH_BARE: Final = re.compile("(?:(?:^|(?<=[ \n]))|บอก|ถาม|เจอ|กับ|หา)(?=[\u0e01-\u0e44])")
_TH_CHAT: Final = 60  # characters
_TH_LONGEST: Final = 14
_TH_SURE: Final = 4  # letters of a given name; shorter ones are words
_TH_ENDS: Final = {_TH_NAMED: _TH_AFTER, _TH_BARE: _TH_ACTS}

_TITLES: Final = {
    "en": (
        r"Mrs?\.?|Ms\.?|Miss|Mme\.?|Mlle\.?|Monsieur|Madame|Dona|Seu|Senhora?|Sra?\.|Dra?\.|Bwana"
        r"|Mzee|Aling|Mang|Kuya|Ginoong|Ginang|Gng\.|Alhaji|Hajiya|Encik|Puan|Datuk|Dato['’]?"
        r"|Pak|Mbak|Doctor|Drs\.|Prof\.|Professor|Capt\.|Captain|Sgt\.|Sen\.|Rev\.|Prime Minister"
    ),
    "id": r"Pak|Bapak|Bu|Ibu|Mbak|Mas|Kak|Encik|Puan|Cik|Tuan|Datuk|Dato['’]?|Sdri?\.?|Dra?\.",
}
_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ]['’]?[^\W\d_]+(?:['’-][^\W\d_]+)*"
_NO_NAMES: Final = (
    "Kota|Wali|RT|RW|Drs|Panglima|Pertiwi|Presiden|Menteri|Gubernur|Bupati|Camat|Lurah|Guru|Dokter|Dosen|Polisi|Direktur"
    "|Negara|Dan|Hakim|Manager|Yang|Universe|World|America|President|Présidente?|Minister|Chairman"
    "|Speaker|Right|Perfect|Presidente|Keramat|Bandar"
    "|Who|Emeritus|General|Of|Inasal"
)
_TITLE_LENGTH: Final = 9  # characters, with the blank behind it
# Streets are called after persons: Jalan Datuk Keramat.
_LATIN: Final = {
    language: re.compile(
        rf"(?<![\w.'’-])(?<!Jalan )(?<!Jln )(?<!Jl )(?<!Jl\. )(?<!Rua )(?<!Rue )(?<!Taman )"
        rf"(?:{titles}) (?!(?:{_NO_NAMES})\b)"
        rf"(?P<name>{_CAPITAL}(?: (?:(?:bin|binti|d[aeo]s?|van|von) )?{_CAPITAL}){{0,2}})"
    )
    for language, titles in _TITLES.items()
}


def finder(language: str) -> Finder | None:
    """The rules of a language, with its lists; None where it has none."""
    if language == "ko":
        return _korean
    if language == "en":
        return partial(_english, given=GivenNames(read_lexicon(language)))
    if language in _LATIN:
        return partial(_latin, called=_LATIN[language])
    if language not in ("ja", "th"):
        return None
    lexicon = read_lexicon(language)
    given = frozenset(lexicon["g"])
    if language == "ja":
        names, words = given | set(lexicon["s"]), frozenset(lexicon["w"])
        return partial(_japanese, names=names, words=words, familiar=Familiar(lexicon))
    listed = read_lists("th")
    words = frozenset(lexicon["w"])
    called = frozenset(name for name in given if len(name) >= _TH_SURE)
    return partial(
        _thai,
        names=(
            called | listed["nicknames"],
            called,
            given - words,
            (called - words) | listed["bare"],
        ),
        no_names=tuple(listed["no_names"]),
    )


def with_called(
    mentions: Sequence[Mention], called: Sequence[Mention], *, aside: bool
) -> list[Mention]:
    """`mentions` and the persons `called`.

    They push `aside` what was taken for something else; in alphabets, where streets, firms and
    schools bear names with titles, only what is no longer than title and name.
    """
    first = [
        item
        for item in mentions
        if item.kind is Kind.PERSON or not (aside or any(_only(item, name) for name in called))
    ]
    return merged(merged(first, called), mentions)


def _only(mention: Mention, name: Mention) -> bool:
    return name.start - _TITLE_LENGTH <= mention.start < name.end and mention.end <= name.end


def _latin(text: str, called: re.Pattern[str]) -> Iterator[Mention]:
    for match in called.finditer(text):
        yield Mention(*match.span("name"), Kind.PERSON, _SCORE)


def _english(text: str, given: Finder) -> Iterator[Mention]:
    yield from merged(list(_latin(text, _LATIN["en"])), distinct(given(text)))


def _japanese(
    text: str, names: Collection[str], words: Collection[str], familiar: Finder
) -> Iterator[Mention]:
    called = list(_called(text, names, words))
    yield from merged(called, distinct(familiar(text)))


def _called(text: str, names: Collection[str], words: Collection[str]) -> Iterator[Mention]:
    for match in _JA_LABELLED.finditer(text):
        yield Mention(*match.span("name"), Kind.PERSON, _SCORE)
    for match in _JA_CALLED.finditer(text):
        start, end = match.span("name")
        run = match["name"]
        if run[0] >= "\u30a0" and run[0] <= "\u30ff":
            if run not in words:
                yield Mention(start, end, Kind.PERSON, _SCORE)
            continue
        size = _name_size(run, names)
        if (size > 1 and run[-size:] not in words) or run in _JA_SINGLE:
            yield Mention(end - size, end, Kind.PERSON, _SCORE)


def _name_size(run: str, names: Collection[str]) -> int:
    """How many characters at the end of a run are a surname, a given name or both; 0 if none."""
    for size in range(len(run), 0, -1):
        name = run[-size:]
        if name in names or any(
            name[:cut] in names and name[cut:] in names for cut in range(1, size)
        ):
            return size
    return 0


def _korean(text: str) -> Iterator[Mention]:
    for pattern in (_KO_LABELLED, _KO_CALLED):
        for match in pattern.finditer(text):
            yield Mention(*match.span("name"), Kind.PERSON, _SCORE)
    for match in _KO_TITLED.finditer(text):
        yield Mention(*match.span(), Kind.PERSON, _SCORE)


def _thai(
    text: str, names: Sequence[Collection[str]], no_names: tuple[str, ...]
) -> Iterator[Mention]:
    """`names` that count after an honorific, after "my name is", after a label, and barely."""
    patterns = (_TH_CALLED, _TH_NAMED, _TH_LABELLED, _TH_BARE)
    for pattern, listed in zip(patterns, names, strict=True):
        if pattern is _TH_BARE and len(text) > _TH_CHAT:
            continue
        for lead in pattern.finditer(text):
            start = lead.end()
            if text.startswith(no_names, start):
                continue
            for size in range(_TH_LONGEST, 1, -1):
                end = start + size
                whole = end <= len(text) and not _TH_NO_END.match(text, end)
                after = _TH_ENDS.get(pattern)
                ended = after is None or after.match(text, end)
                if whole and ended and text[start:end] in listed:
                    yield Mention(start, end, Kind.PERSON, _SCORE)
                    break
