"""Names of persons, places and organizations in Latin script, region by region.

`names/<region>.txt` hold given and family names, written down for this purpose from what is usual
in each region; a made-up person is a draw from both.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).with_name("names")
# Which regions' names a language's sentences hold, by weight; "faker" is Faker's own list.
_SHARES: Final[Mapping[str, Mapping[str, int]]] = {
    "en": {
        "faker": 36, "indian": 8, "chinese_romanised": 9, "malay": 6, "tamil": 4, "nigerian": 8,
        "east_african": 7, "filipino": 6, "arabic_romanised": 7, "european": 7, "east_asian": 5,
        "vietnamese": 3,
    },
    "ms": {"malay": 46, "tamil": 20, "chinese_romanised": 26, "faker": 4, "east_asian": 4},
    "tl": {"filipino": 72, "faker": 18, "chinese_romanised": 5, "european": 5},
    "sw": {"east_african": 74, "faker": 14, "arabic_romanised": 6, "european": 6},
    "ha": {"nigerian": 88, "arabic_romanised": 12},
    "fr": {"faker": 56, "european": 12, "nigerian": 14, "arabic_romanised": 18},
    "pt": {"faker": 70, "european": 18, "east_african": 12},
    "id": {"faker": 74, "east_asian": 10, "malay": 10, "chinese_romanised": 6},
}  # fmt: skip
_FOREIGN: Final = ("european", "east_asian", "chinese_romanised", "arabic_romanised", "indian")
_FAMILY_FIRST: Final = frozenset({"chinese_romanised"})
_LINKS: Final = {"malay": ("bin", "binti"), "tamil": ("a/l", "a/p")}
_NO_REGIONS: Final = frozenset({"places", "organizations", "zh"})
_LETTERS: Final = "ABCDEFGHIJKLMNOPRSTVWYZ"


@cache
def region(name: str) -> Mapping[str, Sequence[str]]:
    """`given`, `family` (and `middle`) names of a region."""
    rows = (line.split() for line in _lines(name))
    return {kind: words for kind, *words in rows}


@cache
def places(language: str) -> Sequence[str]:
    """Towns and countries as a language calls them; () where no list is kept."""
    rows = (line.split(" ", 1) for line in _lines("places"))
    return next((names.split(",") for kind, names in rows if kind == language), ())


@cache
def organization_words(language: str) -> Sequence[str]:
    """Words of which names of organizations are made."""
    rows = (line.split() for line in _lines("organizations"))
    return next((words for kind, *words in rows if kind == language), ())


def all_names() -> tuple[list[str], list[str]]:
    """Given and family names of all regions, in lower case."""
    regions = [path.stem for path in sorted(_FOLDER.glob("*.txt"))]
    lists = [region(name) for name in regions if name not in _NO_REGIONS]
    given = [name.lower() for names in lists for name in names["given"]]
    family = [name.lower() for names in lists for name in names["family"]]
    return given, family


def draw_region(language: str, source: random.Random) -> str:
    """A region, or `faker`, by the language's shares."""
    shares = _SHARES[language]
    return source.choices(list(shares), list(shares.values()))[0]


def foreign(source: random.Random) -> str:
    """A person from abroad, for a language with names of its own."""
    return person(source.choice(_FOREIGN), source)


def given_name(name: str, source: random.Random) -> str:
    """A given name of a region."""
    return source.choice(region(name)["given"])


def family_name(name: str, source: random.Random) -> str:
    """A family name of a region."""
    return source.choice(region(name)["family"])


def person(name: str, source: random.Random) -> str:
    """A full name, as the region orders it."""
    if name == "vietnamese":
        return vietnamese(source)
    given, family = given_name(name, source), family_name(name, source)
    share = source.random()
    if name in _FAMILY_FIRST and share < 0.75:
        second = source.choice(["", f" {given_name(name, source)}"])
        return f"{family} {given}{second}"
    if name in _LINKS and share < 0.35:
        link = source.choice(_LINKS[name])
        first = f"{given} {given_name(name, source)}" if share < 0.15 else given
        return f"{first} {link} {given_name(name, source)}"
    if share < 0.5:
        return f"{given} {family}"
    if share < 0.62:
        return f"{given} {source.choice(_LETTERS)}. {family}"
    if share < 0.85:
        return f"{given} {given_name(name, source)} {family}"
    return f"{given} {family}" if share < 0.93 else f"{given} {family}-{family_name(name, source)}"


def initialled(name: str, source: random.Random) -> str:
    """`J. R. Thackeray`, `S. Balakrishnan`, `M Kumar`."""
    dot = source.choice([". ", ". ", ".", " "])
    letters = "".join(source.choice(_LETTERS) + dot for _ in range(source.choice([1, 1, 2])))
    return f"{letters.strip()} {family_name(name, source)}"


def vietnamese(source: random.Random) -> str:
    """Surname, middle names, given name."""
    names = region("vietnamese")
    middle = source.sample(names["middle"], source.choice([0, 1, 1, 1, 1, 2]))
    return " ".join([source.choice(names["family"]), *middle, source.choice(names["given"])])


def unmarked(text: str) -> str:
    """Without diacritics, as Vietnamese is typed in a hurry.

    >>> unmarked("Đỗ Thị Thùy")
    'Do Thi Thuy'
    """
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def organization(language: str, source: random.Random, company: Callable[[], str]) -> str:
    """A company as Faker has it, or two words of the language, or one with its kind."""
    words = organization_words(language)
    if not words or source.random() < 0.4:
        return company()
    return " ".join(source.sample(list(words), source.choice([1, 2, 2])))


def _lines(name: str) -> list[str]:
    return (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
