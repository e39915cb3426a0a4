"""Whether every treatment that a bundle names can be carried out, parameters and all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.operators.registry import UnknownTreatment, operator
from policies.bundle import Bundle
from policies.errors import BundleError

_TABLES = ("treatments", "agreements", "destinations")  # of profiles and pilots


def check_treatments(bundle: Bundle) -> None:
    """Raise `BundleError` for the first treatment that no operator carries out."""
    law = bundle.data["silkgate"]
    overlay = law.get("overlay", {})
    for place, name in (
        *_named("overlay.treatments", overlay.get("treatments", {})),
        *_of_each("profiles", law.get("profiles", {})),
        *_of_each("overlay.profiles", overlay.get("profiles", {})),
        *_of_each("overlay.pilots", overlay.get("pilots", {})),
    ):
        try:
            operator(name)
        except UnknownTreatment as error:
            raise BundleError(f"data.silkgate.{place}: {error}") from None


def _of_each(place: str, things: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The treatments of every profile or pilot."""
    for thing, facts in things.items():
        for table in _TABLES:
            yield from _named(f"{place}.{thing}.{table}", facts.get(table, {}))


def _named(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Where a treatment stands in nested tables, and its name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _named(f"{place}.{key}", inner)
    elif isinstance(value, str):
        yield place, value
