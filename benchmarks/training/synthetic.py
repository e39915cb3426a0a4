"""Made-up records, notes and chat with gold spans: templates filled from Faker's lists.

Templates and fillers are split in two halves (`train`, `test`), so that the test half measures
carriers and names that no training saw. `{P}` person, `{A}` address, `{L}` place, `{C}` or `{O}`
organization; other letters are fillers that are no names.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from faker import Faker

from benchmarks.training.chinese import ChineseFillers
from benchmarks.training.corpus import Entity, Sentence
from classifiers.text.lexicon import read_lexicon

Part = Literal["train", "test"]
_SLOT: Final = re.compile(r"\{([A-Z])\}")
_LABELS: Final = {"P": "PER", "A": "LOC", "L": "LOC", "C": "ORG", "O": "ORG"}
_LOCALES: Final = {
    "en": ("en_US", "en_GB", "en_IN", "en_US"), "fr": ("fr_FR",), "pt": ("pt_BR", "pt_PT"),
    "id": ("id_ID",), "ms": ("id_ID",), "vi": ("vi_VN",), "tl": ("fil_PH",), "sw": ("sw", "en_KE"),
    "th": ("th_TH",), "ko": ("ko_KR",), "ja": ("ja_JP",), "zh": ("zh_CN",), "zht": ("zh_TW",),
}  # fmt: skip
_MALAY_GIVEN: Final = (
    "Ahmad Muhammad Mohd Nur Siti Nurul Farah Aisyah Hafiz Faizal Azlan Rosmah Zainab Kamal Aminah"
    " Ismail Rashid Halim Zulkifli Fatimah Khairul Syafiq Amirul Izzati Hidayah Nabila Razak Osman"
).split()
_CHINESE_GIVEN: Final = "Wei Ming Li Hua Xiaoming Jing Yan Fang Lei Hui Mei Ling Jun Qiang".split()
_CHINESE_SURNAMES: Final = (
    "Wang Li Zhang Chen Liu Tan Lim Lee Ng Wong Goh Ong Zhao Huang Lin".split()
)


def in_half(text: str, part: Part) -> bool:
    """Whether a filler belongs to this half, by its hash."""
    return (hashlib.sha256(text.encode()).digest()[0] % 2 == 0) == (part == "test")


@cache
def templates() -> Mapping[str, Mapping[str, list[str]]]:
    """Language -> part -> templates."""
    data: Mapping[str, Mapping[str, list[str]]] = json.loads(
        Path(__file__).with_name("templates.json").read_bytes()
    )
    return data


def sentences(language: str, part: Part, count: int, seed: int = 7) -> list[Sentence]:
    """`count` sentences; equal arguments give equal sentences."""
    source = random.Random(f"{language} {part} {seed}")
    fill = _fillers(language, part, source)
    carriers = templates()[language][part]
    return [_filled(source.choice(carriers), fill) for _ in range(count)]


def _filled(template: str, fill: Callable[[str], str]) -> Sentence:
    text, entities, done = "", list[Entity](), 0
    for slot in _SLOT.finditer(template):
        text += template[done : slot.start()]
        value = fill(slot[1])
        if slot[1] in _LABELS:
            entities.append((len(text), len(text) + len(value), _LABELS[slot[1]]))
        text += value
        done = slot.end()
    text += template[done:]
    return Sentence(text.replace("{{", "{").replace("}}", "}"), tuple(entities))


def _fillers(language: str, part: Part, source: random.Random) -> Callable[[str], str]:
    if language == "zh":
        return ChineseFillers(source, lambda text: in_half(text, part)).fill
    fakers = [Faker(locale) for locale in _LOCALES[language]]
    for faker in fakers:
        faker.seed_instance(source.randrange(1 << 30))

    def fill(slot: str) -> str:
        for _ in range(20):
            value = _value(language, slot, source.choice(fakers), source)
            if slot != "P" or in_half(value, part):
                break
        return value

    return fill


def _value(language: str, slot: str, faker: Faker, source: random.Random) -> str:
    if slot == "P":
        return _person(language, faker, source)
    if slot == "A":
        return str(faker.address()).replace("\n", ", ")
    if slot == "L":
        return str(faker.city() if hasattr(faker, "city") else faker.province())
    if slot in "CO":
        return str(faker.company())
    return str(source.randrange(10**9, 10**10) if slot == "T" else source.randint(1, 9999))


def _person(language: str, faker: Faker, source: random.Random) -> str:
    share = source.random()
    if language == "vi":
        return _vietnamese(share, source)
    if language == "ms" and share < 0.6:
        link = source.choice(["bin", "binti", "bin", "a/l", ""])
        names = [source.choice(_MALAY_GIVEN) for _ in range(3)]
        return " ".join(part for part in (*names[:2], link, names[2]) if part)
    if language in ("ms", "en", "tl") and share > 0.9:
        given = source.sample(_CHINESE_GIVEN, 2)
        return " ".join([source.choice(_CHINESE_SURNAMES), *given])
    if language in ("en", "sw", "tl", "fr", "pt", "id") and share < 0.15:
        return str(faker.first_name())
    return str(faker.name())


def _vietnamese(share: float, source: random.Random) -> str:
    """Surname, middle name and given name, or what people are called by alone."""
    names = read_lexicon("vi")
    surnames = [name.title() for name in names["s"] if not name.isascii()]
    given = [name.title() for name in names["g"]]
    if share < 0.15:
        return source.choice(given)
    middle = source.sample(given, 1 if share < 0.75 else 2)
    return " ".join([source.choice(surnames), *middle, source.choice(given)][: 3 + (share > 0.5)])
