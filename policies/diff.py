"""`policy diff`: what changed between two bundles, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from policies.annotations import Rule, rule
from policies.bundle import Bundle
from policies.lint import parse


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `kind`: rule, data; `text` says it in a sentence."""

    kind: str
    where: str
    text: str


def diff(old: Bundle, new: Bundle) -> list[Change]:
    """Every difference, rules first, then data by place."""
    return [*_rules(old.modules, new.modules), *_data(old.data, new.data, ("data",))]


def _rules(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for path in sorted({*old, *new}):
        if path not in new:
            before = rule(path, old[path])
            yield Change("rule", path, f"The rule “{_name(before)}” is gone{_gives(before)}.")
        elif path not in old:
            after = rule(path, new[path])
            yield Change("rule", path, f"A rule “{_name(after)}” is new{_gives(after)}.")
        elif old[path] != new[path]:
            before, after = rule(path, old[path]), rule(path, new[path])
            changed = _code(path, old[path]) != _code(path, new[path])
            says = [*_said(before, after), *(["its conditions changed"] if changed else [])]
            said = "; ".join(says) or "only in comments"
            yield Change("rule", path, f"The rule “{_name(after)}” reads differently: {said}.")


def _code(path: str, text: str) -> list[str]:
    return [token.text for token in parse(path, text).tokens]


def _name(of: Rule) -> str:
    return of.title or of.path


def _gives(of: Rule) -> str:
    """The reasons of a rule, and what it rests on."""
    reasons = f"; it gives {', '.join(of.codes)}" if of.codes else ""
    return reasons + (f" ({of.citation})" if of.citation else "")


def _said(old: Rule, new: Rule) -> Iterator[str]:
    """What differs in a rule's words about itself."""
    for code in sorted(set(old.codes) - set(new.codes)):
        yield f"it gives {code} no more"
    for code in sorted(set(new.codes) - set(old.codes)):
        yield f"it gives {code} now"
    for word in ("title", "citation", "confidence", "checked"):
        before, after = getattr(old, word), getattr(new, word)
        if before != after:
            yield f"its {word} was {before or 'missing'} and is {after or 'missing'}"


def _data(old: Any, new: Any, place: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            where = (*place, key)
            before, after = old.get(key, _ABSENT), new.get(key, _ABSENT)
            if _whole(where) and (before is _ABSENT or after is _ABSENT):
                yield _entry(where, before, after)
            else:
                yield from _data(_beside(before, after), _beside(after, before), where)
    elif old != new:
        text = _words(place)
        if old is _ABSENT:
            said = f"{text} is new: {_value(new)}."
        elif new is _ABSENT:
            said = f"{text} is gone (it was {_value(old)})."
        else:
            said = f"{text} was {_value(old)} and is {_value(new)}."
        yield Change("data", ".".join(place), said)


_ABSENT: Final = object()


def _beside(one: Any, other: Any) -> Any:
    """`one`, or for a table that only the other side has an empty one: so its rows are named."""
    return {} if one is _ABSENT and isinstance(other, Mapping) else one


_ENTRIES: Final = {
    "bands": "limit on persons",
    "categories": "category",
    "jurisdictions": "destination",
    "negative_lists": "negative list",
    "opaque": "vouching for unread content on route",
    "pilots": "pilot programme",
    "profiles": "purpose",
    "sandboxes": "sandbox",
    "shadows": "shadow fact",
    "waivers": "waiver of",
}


def _whole(place: tuple[str, ...]) -> bool:
    """Whether an entry here comes and goes as one thing."""
    parts = [part for part in place[2:] if part != "overlay"]
    return len(parts) == 2 and parts[0] in _ENTRIES


def _entry(place: tuple[str, ...], old: Any, new: Any) -> Change:
    section, name = [part for part in place[2:] if part != "overlay"]
    value = old if new is _ABSENT else new
    said = _value(value)
    if isinstance(value, Mapping):
        said = ", ".join(f"{key} {_value(part)}" for key, part in value.items())
    fate = "gone; it was" if new is _ABSENT else "new:"
    return Change("data", ".".join(place), f"The {_ENTRIES[section]} {name} is {fate} {said}.")


# Places below `data.silkgate`, and what a person calls them; a number stands for that part.
_WORDS: Final = (
    (("profiles", "*", "treatments", "*"), "What {1} does to {3}"),
    (("profiles", "*", "destinations", "*", "*"), "What {1} does to {4} on its way to {3}"),
    (("profiles", "*", "agreements", "*", "*"), "What {1} does to {4} under {3}"),
    (("overlay", "treatments", "*", "*"), "What the company does to {3} for {2}"),
    (("overlay", "settings", "*"), "The company's setting {2}"),
    (("overlay", "*", "*", "*"), "The {3} of {2} among the company's {1}"),
    (("jurisdictions", "*", "*"), "The {2} of destination {1}"),
    (("jurisdictions", "*", "*", "*"), "The {2} {3} of destination {1}"),
    (("thresholds", "*", "*"), "The threshold {2} of {1}"),
    (("defaults", "*"), "The shipped setting {1}"),
)


def _words(place: tuple[str, ...]) -> str:
    """The place as a person would name it."""
    parts = place[2:]
    for pattern, words in _WORDS:
        if len(pattern) == len(parts) and all(
            wanted in ("*", part) for wanted, part in zip(pattern, parts, strict=True)
        ):
            return words.format(*parts)
    return ".".join(place)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"an object of {len(value)}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else str(value)
