"""METADATA annotations of Rego modules: what a rule is called and which article it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from policies import lint
from policies.errors import BundleError

_CODE: Final = re.compile(r'"code": "(?P<code>[^"]+)"')


@dataclass(frozen=True, slots=True)
class Rule:
    """One module that states a rule: its own words about itself, and the reasons it may give."""

    path: str
    package: str
    title: str
    description: str
    zh: str
    citation: str
    confidence: str
    checked: str
    codes: tuple[str, ...]


def rule(path: str, text: str) -> Rule:
    """What the module says of itself in its package METADATA; "" where it is silent."""
    metadata = _package_metadata(path, text)
    custom = metadata.get("custom") or {}
    words = {
        name: str(custom.get(name, "")) for name in ("zh", "citation", "confidence", "checked")
    }
    return Rule(
        path=path,
        package=lint.parse(path, text).package,
        title=str(metadata.get("title", "")),
        description=str(metadata.get("description", "")).strip(),
        codes=tuple(match["code"] for match in _CODE.finditer(text)),
        **words,
    )


def rules(modules: Mapping[str, str]) -> Iterator[Rule]:
    """Every module's words, by path."""
    for path in sorted(modules):
        yield rule(path, modules[path])


def _package_metadata(path: str, text: str) -> dict[str, Any]:
    """The annotation block that ends on the line before `package`."""
    import yaml  # type: ignore[import-untyped]  # noqa: PLC0415

    block: list[str] = []
    for line in text.splitlines():
        if line.startswith("package "):
            break
        block = [] if line.strip() == "# METADATA" else [*block, line]
    if not block or not all(line.startswith("#") for line in block):
        return {}
    try:
        found = yaml.safe_load("\n".join(line[2:] for line in block))
    except yaml.YAMLError as error:
        raise BundleError(f"{path}: METADATA is not YAML: {error}") from error
    return found if isinstance(found, dict) else {}
