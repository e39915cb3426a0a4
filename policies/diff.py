"""`policy diff`: what changed between two bundles, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policies.annotations import rule
from policies.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `kind`: rule, data; `text` says it in a sentence."""

    kind: str
    where: str
    text: str


def diff(old: Bundle, new: Bundle) -> list[Change]:
    """Every difference, rules first, then data by place."""
    return [*_rules(old.modules, new.modules), *_data(old.data, new.data, "data")]


def _rules(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for path in sorted({*old, *new}):
        if path not in new:
            yield Change("rule", path, f"The rule “{_name(path, old[path])}” is gone.")
        elif path not in old:
            yield Change("rule", path, f"A rule “{_name(path, new[path])}” is new.")
        elif old[path] != new[path]:
            yield Change("rule", path, f"The rule “{_name(path, new[path])}” reads differently.")


def _name(path: str, text: str) -> str:
    return rule(path, text).title or path


def _data(old: Any, new: Any, place: str) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            where = f"{place}.{key}"
            if key not in new:
                yield Change("data", where, f"{_words(where)} is gone (it was {_value(old[key])}).")
            elif key not in old:
                yield Change("data", where, f"{_words(where)} is new: {_value(new[key])}.")
            else:
                yield from _data(old[key], new[key], where)
    elif old != new:
        yield Change("data", place, f"{_words(place)} was {_value(old)} and is {_value(new)}.")


def _words(place: str) -> str:
    """The place as a person would name it."""
    match place.split(".")[2:]:
        case ["profiles", purpose, "treatments", *key]:
            return f"What {purpose} does to {'.'.join(key)}"
        case ["overlay", "treatments", purpose, *key]:
            return f"What the company does to {'.'.join(key)} for {purpose}"
        case ["overlay", "waivers", *code]:
            return f"The waiver of {'.'.join(code)}"
        case ["jurisdictions", country, *rest]:
            return f"The {' '.join(rest) or 'entry'} of destination {country}".replace("_", " ")
        case ["thresholds", *rest]:
            return f"The threshold {' '.join(rest)}".replace("_", " ")
        case _:
            return place


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"an object of {len(value)}"
    if isinstance(value, list):
        return "[" + ", ".join(str(item) for item in value) + "]"
    return "nothing" if value is None else str(value)
