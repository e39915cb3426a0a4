"""Made-up records, notes and chat with gold spans: templates filled from name lists.

Templates (`templates/<language>.<part>.txt`, one a line, `⏎` for a line break) and fillers are
split in two halves (`train`, `test`), so that the test half measures carriers and names that no
training saw. Slots that are names: `{P}` person, `{G}` given name, `{F}` family name, `{H}`
initials and family name, `{U}` in capitals, `{X}` person from abroad, `{p}` `{g}` in small letters,
`{V}` `{v}` `{w}` Vietnamese without marks (full, small, given name); `{A}` address, `{a}` the same
unmarked and small, `{L}` place, `{C}` or `{O}` organization. In Chinese `{F}` is a person from the
West, `{X}` from Japan, Korea or a minority, `{G}` a nickname, `{S}` surname and title, `{R}`
romanised, `{E}` English given name, `{Z}` surname. Other letters are fillers that are no names.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal

from faker import Faker

from benchmarks.training import regions
from benchmarks.training.chinese import ChineseFillers
from benchmarks.training.corpus import Entity, Sentence

Part = Literal["train", "test"]
_FOLDER: Final = Path(__file__).with_name("templates")
SLOT: Final = re.compile(r"\{([A-Za-z])\}")
LABELS: Final = {
    **dict.fromkeys("PGFHUXRSEZpgVvw", "PER"),
    **dict.fromkeys("ALa", "LOC"),
    **dict.fromkeys("CO", "ORG"),
}
_LOCALES: Final = {
    "en": ("en_US", "en_GB", "en_IN", "en_US"), "fr": ("fr_FR",), "pt": ("pt_BR", "pt_PT"),
    "id": ("id_ID",), "ms": ("id_ID",), "vi": ("vi_VN",), "tl": ("fil_PH",), "sw": ("sw", "en_KE"),
    "th": ("th_TH",), "ko": ("ko_KR",), "ja": ("ja_JP",), "zh": ("zh_CN",), "zht": ("zh_TW",),
    "ha": ("en_NG",),
}  # fmt: skip
_LARGE: Final = {"w": "G"}  # small letter -> the slot it is a form of, where not its capital
_JOINED: Final = {"ja": 0.6}  # share of names that stand without a space
_CHINESE: Final = frozenset({"zh"})
_BY_REGION: Final = frozenset({"en", "ms", "tl", "sw", "ha", "fr", "pt", "id"})


def in_half(text: str, part: Part) -> bool:
    """Whether a filler belongs to this half, by its hash."""
    return (hashlib.sha256(text.encode()).digest()[0] % 2 == 0) == (part == "test")


@cache
def templates(language: str, part: Part) -> Sequence[str]:
    """The templates of a language; () where it has none."""
    path = _FOLDER / f"{language}.{part}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.replace("⏎", "\n") for line in lines]


def languages() -> list[str]:
    """The languages that have templates for testing."""
    return sorted(path.name.partition(".")[0] for path in _FOLDER.glob("*.test.txt"))


def sentences(language: str, part: Part, count: int, seed: int = 7) -> list[Sentence]:
    """`count` sentences; equal arguments give equal sentences."""
    source = random.Random(f"{language} {part} {seed}")
    fill = _fillers(language, part, source)
    carriers = templates(language, part)
    return [_filled(source.choice(carriers), fill) for _ in range(count)]


def _filled(template: str, fill: Callable[[str], str]) -> Sentence:
    text, entities, done = "", list[Entity](), 0
    for slot in SLOT.finditer(template):
        text += template[done : slot.start()]
        value = fill(slot[1])
        if slot[1] in LABELS:
            entities.append((len(text), len(text) + len(value), LABELS[slot[1]]))
        text += value
        done = slot.end()
    text += template[done:]
    return Sentence(text.replace("{{", "{").replace("}}", "}"), tuple(entities))


def _fillers(language: str, part: Part, source: random.Random) -> Callable[[str], str]:
    if language in _CHINESE:
        return ChineseFillers(source, lambda text: in_half(text, part)).fill
    fakers = [Faker(locale) for locale in _LOCALES[language]]
    for faker in fakers:
        faker.seed_instance(source.randrange(1 << 30))

    def fill(slot: str) -> str:
        for _ in range(20):
            value = _value(language, slot, source.choice(fakers), source)
            if slot not in "PGFHX" or in_half(value, part):
                break
        return value

    return fill


def _value(language: str, slot: str, faker: Faker, source: random.Random) -> str:
    if slot in "pgvwa":
        value = _value(language, _LARGE.get(slot, slot.upper()), faker, source)
        return regions.unmarked(value).lower() if slot in "vwa" else value.lower()
    if slot == "V":
        return regions.unmarked(_person(language, faker, source))
    if slot == "U":
        return _person(language, faker, source).upper()
    if slot == "X":
        return regions.foreign(source)
    if slot in "PGFH":
        return _named(language, slot, faker, source)
    if slot in "AL":
        return _place(language, slot, faker, source)
    if slot in "CO":
        return regions.organization(language, source, lambda: str(faker.company()))
    return str(source.randrange(10**9, 10**10) if slot == "T" else source.randint(1, 9999))


def _place(language: str, slot: str, faker: Faker, source: random.Random) -> str:
    known = regions.places(language)
    if slot == "A" and language == "vi":
        return _vietnamese_address(source)
    if slot == "A":
        return str(faker.address()).replace("\n", ", ")
    if known and source.random() < 0.8:
        return source.choice(known)
    return str(faker.city() if hasattr(faker, "city") else faker.province())


def _named(language: str, slot: str, faker: Faker, source: random.Random) -> str:
    if slot == "P":
        return _person(language, faker, source)
    name = "vietnamese" if language == "vi" else "faker"
    if language in _BY_REGION:
        name = regions.draw_region(language, source)
    if slot == "H":
        return regions.initialled("european" if name == "faker" else name, source)
    if name == "faker":
        return str(faker.first_name() if slot == "G" else faker.last_name())
    return (regions.given_name if slot == "G" else regions.family_name)(name, source)


def _person(language: str, faker: Faker, source: random.Random) -> str:
    if language == "vi":
        return _vietnamese(source)
    if language not in _BY_REGION:
        name = str(faker.name())
        return name.replace(" ", "") if source.random() < _JOINED.get(language, 0) else name
    name = regions.draw_region(language, source)
    if source.random() < 0.1:
        return _named(language, "G", faker, source)
    return str(faker.name()) if name == "faker" else regions.person(name, source)


def _vietnamese(source: random.Random) -> str:
    if source.random() < 0.08:
        return regions.given_name("vietnamese", source)
    return regions.vietnamese(source)


def _vietnamese_address(source: random.Random) -> str:
    known = regions.places("vi")
    number = source.choice(["{}", "Số {}", "{}/12", "12/{}", "Số nhà {}", "Lô {}"])
    road = source.choice(["đường ", "", "phố ", "ngõ 12 ", "hẻm 5 "]) + regions.vietnamese(source)
    first = f"{number.format(source.randint(1, 400))} {road}"
    if source.random() < 0.2:
        first = f"{source.choice(['Thôn', 'Ấp', 'Tổ'])} {source.randint(1, 12)}"
    place = source.choice(known)
    parts = [
        first,
        source.choice(["phường {}", "xã {p}", "P.{}"]).format(source.randint(1, 15), p=place),
        source.choice(["quận {}", "huyện {p}", "Q.{}", "TP {p}"]).format(
            source.randint(1, 12), p=source.choice(known)
        ),
        source.choice(known),
    ]
    return ", ".join(parts)
