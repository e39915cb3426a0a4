"""Pools of names and places that surrogates are drawn from.

They are made once with Faker and kept as a file, so that an upgrade of Faker changes nothing. A
new pool gets a new file and a new id; the id in force stands in every entry that used it. To make
one: `python -m gateway.operators.pools > gateway/operators/data/pools-2.json`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

LOCALES: Final = (
    "zh_CN", "ja_JP", "ko_KR", "vi_VN", "th_TH", "id_ID", "hi_IN", "ru_RU", "ar_SA", "en_US",
)  # fmt: skip
_FILE: Final = "data/pools-1.json"
_SIZE: Final = 400
_TRIES: Final = 20_000


class Pool(msgspec.Struct, frozen=True):
    """One locale's family names, given names by gender, cities and streets."""

    family: list[str]
    male: list[str]
    female: list[str]
    cities: list[str]
    streets: list[str]


@cache
def pools() -> dict[str, Pool]:
    """The pools in force, by locale."""
    return msgspec.json.decode(_bytes(), type=dict[str, Pool])


@cache
def pool_id() -> str:
    """The id of the pools in force: their file's SHA-256, its first 16 hex digits."""
    return hashlib.sha256(_bytes()).hexdigest()[:16]


def _bytes() -> bytes:
    return files("gateway.operators").joinpath(_FILE).read_bytes()


def build() -> str:
    """Pools for all locales as JSON, from the Faker that is installed and a fixed seed."""
    from faker import Faker  # noqa: PLC0415 heavy, and not wanted at run time

    made = {}
    for locale in LOCALES:
        fake = Faker(locale)
        fake.seed_instance(1)
        made[locale] = {
            "family": _distinct(fake.last_name),
            "male": _distinct(fake.first_name_male),
            "female": _distinct(fake.first_name_female),
            "cities": _distinct(fake.city),
            "streets": _distinct(fake.street_name),
        }
    return json.dumps(made, ensure_ascii=False, indent=0)


def _distinct(draw: Callable[[], str]) -> list[str]:
    found = dict.fromkeys(draw() for _ in range(_TRIES))
    return list(found)[:_SIZE]


if __name__ == "__main__":
    print(build())
