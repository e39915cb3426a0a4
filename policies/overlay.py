"""The company's own folder over the shipped law: what it may say.

It may deny, hold for review, tighten treatments, say what is turned back in answers, describe its
own categories and purposes, vouch for content that nobody can read, set the decisions the law
leaves open, and lift by waiver those denials that are marked as waivable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from policies import lint
from policies.errors import BundleError
from policies.overlay_forms import (
    ITEM,
    KINDS,
    OPAQUE,
    PILOT,
    PROFILE,
    SANDBOX,
    SHADOW,
    day,
    shape,
)

PACKAGE: Final = "silkgate.overlay"
SANDBOX_DAYS: Final = 184


def check_overlay(
    modules: Mapping[str, str], data: Mapping[str, Any], *, base: Mapping[str, Any], where: Path
) -> None:
    """Raise `BundleError` unless the overlay keeps to its own package and says known things."""
    lint.check(modules, within=PACKAGE)
    try:
        _check_packages(modules)
        if data:
            _check_data(data, base["silkgate"])
    except BundleError as error:
        raise BundleError(f"{where}: {error}") from error


def _check_packages(modules: Mapping[str, str]) -> None:
    for path, text in modules.items():
        package = lint.parse(path, text).package
        name = package.removeprefix(PACKAGE).lstrip(".").partition(".")[0]
        if not name or name in _SECTIONS:
            raise BundleError(f"{path}: package {package}: name it {PACKAGE}.<name of the rule>")


def _check_data(data: Mapping[str, Any], law: Mapping[str, Any]) -> None:
    overlay = _only(_only(data, "silkgate", "data"), "overlay", "data.silkgate")
    for section, content in overlay.items():
        if section not in _SECTIONS:
            known = ", ".join(sorted(_SECTIONS))
            raise BundleError(f"data.{PACKAGE}.{section} is unknown; known are {known}")
        if not isinstance(content, dict):
            raise BundleError(f"data.{PACKAGE}.{section} must be an object")
    # Of its own categories and purposes an overlay may speak as of the shipped ones.
    named = {
        part: {*law[part], *overlay.get(part, {})}
        for part in ("categories", "profiles")
        if isinstance(overlay.get(part, {}), dict)
    }
    for section, content in overlay.items():
        _SECTIONS[section](content, {**law, "named": named})


def _only(document: Mapping[str, Any], name: str, place: str) -> Mapping[str, Any]:
    outside = sorted(set(document) - {name})
    if outside or not isinstance(document.get(name), dict):
        raise BundleError(f"an overlay holds only {place}.{name}; found {', '.join(outside)}")
    inner: Mapping[str, Any] = document[name]
    return inner


def _settings(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    for name, value in content.items():
        if name not in law["defaults"]:
            known = ", ".join(sorted(law["defaults"]))
            raise BundleError(f"setting {name} is unknown; known are {known}")
        if type(value) is not type(law["defaults"][name]):
            kind = KINDS[type(law["defaults"][name])]
            raise BundleError(f"setting {name} must be {kind}")


def _treatments(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    for purpose, table in content.items():
        _purpose(f"treatments.{purpose}", purpose, law)
        if not isinstance(table, dict):
            raise BundleError(f"treatments.{purpose} must map categories to treatments")
        _table(f"treatments.{purpose}", table, law)


def _table(where: str, table: Mapping[str, Any], law: Mapping[str, Any]) -> None:
    """Treatments by category. A misspelt category would be treated by nobody, and nobody told."""
    for key, name in table.items():
        _category(f"{where}.{key}", key, law)
        if str(name).partition(":")[0] not in law["strictness"]["order"]:
            known = ", ".join(law["strictness"]["order"])
            raise BundleError(f"{where}.{key}: {name!r} is none of {known}")


def _purpose(where: str, purpose: str, law: Mapping[str, Any]) -> None:
    if purpose != "any" and purpose not in law["named"]["profiles"]:
        known = ", ".join(sorted(law["named"]["profiles"]))
        raise BundleError(f"{where}: no purpose {purpose}; there are any, {known}")


def _category(where: str, key: str, law: Mapping[str, Any]) -> None:
    """`key`: a category, or one Presidio entity of it."""
    category = key.partition("/")[0]
    if category not in law["named"]["categories"]:
        near = get_close_matches(category, law["named"]["categories"], 3)
        meant = f"; meant is perhaps {' or '.join(near)}" if near else ""
        raise BundleError(
            f"{where}: no category {category}{meant}. Categories of your own stand in "
            f"data.{PACKAGE}.categories"
        )


def _restore(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    for purpose, keys in content.items():
        _purpose(f"restore.{purpose}", purpose, law)
        if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
            raise BundleError(f"restore.{purpose} must be a list of categories")
        for key in keys:
            _category(f"restore.{purpose}", key, law)


def _waivers(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    for code, waiver in content.items():
        if code not in law["waivable"]["codes"]:
            raise BundleError(f"waivers.{code}: this denial cannot be waived")
        if not isinstance(waiver, dict) or set(waiver) != {"by", "why", "until"}:
            raise BundleError(f"waivers.{code} needs by, why and until, nothing else")
        if not all(isinstance(part, str) and part for part in waiver.values()):
            raise BundleError(f"waivers.{code}: by, why and until are texts (a date in quotes)")
        day(f"waivers.{code}.until", waiver["until"])


def _categories(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    for category, row in content.items():
        if category in law["categories"]:
            raise BundleError(f"categories.{category} is shipped; an overlay only adds its own")
        if not isinstance(row, dict) or row.get("level") not in _LEVELS:
            raise BundleError(f"categories.{category} needs a level: {', '.join(_LEVELS)}")


def _bands(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    for kind, edges in content.items():
        numbers = isinstance(edges, list) and all(type(e) is int and e > 0 for e in edges)
        if kind not in law["bands"] or not numbers:
            raise BundleError(f"bands.{kind}: general or sensitive, a list of positive integers")


def _negative_lists(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    for zone, enabled in content.items():
        shipped = law["negative_lists"].get(zone)
        if shipped is None:
            known = ", ".join(sorted(law["negative_lists"]))
            raise BundleError(f"negative_lists.{zone}: no such list; known are {known}")
        where = f"negative_lists.{zone}"
        shape(where, enabled, {"version": str, "sectors": list, "items": list})
        if enabled["version"] not in shipped:
            raise BundleError(f"{where}: no version {enabled['version']}; {', '.join(shipped)}")
        for number, item in enumerate(enabled["items"]):
            shape(f"{where}.items[{number}]", item, ITEM)


def _pilots(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    for name, programme in content.items():
        where = f"pilots.{name}"
        _allowance("pilots", name, programme, PILOT)
        day(f"{where}.from", programme["from"])
        day(f"{where}.until", programme["until"])
        for purpose in programme["purposes"]:
            _purpose(f"{where}.purposes", purpose, law)
        _table(f"{where}.treatments", programme["treatments"], law)


def _sandboxes(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    del law
    for name, sandbox in content.items():
        where = f"sandboxes.{name}"
        _allowance("sandboxes", name, sandbox, SANDBOX)
        first, last = (day(f"{where}.{part}", sandbox[part]) for part in ("from", "until"))
        if not 0 <= (last - first).days < SANDBOX_DAYS:
            raise BundleError(f"{where}: a sandbox ends within {SANDBOX_DAYS} days")


def _opaque(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    del law
    for route, types in content.items():
        if not isinstance(types, dict):
            raise BundleError(f"opaque.{route} must map media types to facts")
        for media, fact in types.items():
            where = f"opaque.{route}.{media}"
            shape(where, fact, OPAQUE)
            day(f"{where}.until", fact["until"])
            if not all(re.fullmatch("[0-9a-f]{64}", str(digest)) for digest in fact["sha256"]):
                raise BundleError(f"{where}: sha256 lists digests of 64 hex digits")


def _shadows(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    del law
    for name, fact in content.items():
        where = f"shadows.{name}"
        _allowance("shadows", name, fact, SHADOW)
        if not all(fact[part].strip() for part in ("approver", "reason")):
            raise BundleError(f"{where} needs an approver and a reason")
        day(f"{where}.until", fact["until"])


def _allowance(section: str, name: str, facts: Any, parts: Mapping[str, type]) -> None:
    """Something with a tally of its own in the ledger, under its name."""
    if not _TALLY.fullmatch(name):
        raise BundleError(
            f"{section}.{name}: name it with letters, digits, - and _, so that a tally can have it"
        )
    shape(f"{section}.{name}", facts, parts)
    for part, cap in facts.items():
        if type(cap) is int and cap < 1:
            raise BundleError(f"{section}.{name}.{part} must be 1 or more")


def _profiles(content: dict[str, Any], law: Mapping[str, Any]) -> None:
    for purpose, profile in content.items():
        if purpose in law["profiles"]:
            raise BundleError(
                f"profiles.{purpose} is shipped; tighten it with treatments.{purpose}"
            )
        shape(f"profiles.{purpose}", profile, PROFILE)
        _table(f"profiles.{purpose}.treatments", profile["treatments"], law)


_TALLY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LEVELS: Final = ("general", "pi", "spi", "important_candidate", "important", "core")
_SECTIONS: Final[Mapping[str, Callable[[dict[str, Any], Mapping[str, Any]], None]]] = {
    "bands": _bands,
    "categories": _categories,
    "negative_lists": _negative_lists,
    "opaque": _opaque,
    "pilots": _pilots,
    "profiles": _profiles,
    "restore": _restore,
    "sandboxes": _sandboxes,
    "settings": _settings,
    "shadows": _shadows,
    "treatments": _treatments,
    "waivers": _waivers,
}
