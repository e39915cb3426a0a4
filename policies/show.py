"""`policy show`: what happens to each kind of data on its way to one destination."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from classifiers.model import Level, Verdict
from policies.bundle import ROOT, Bundle
from policies.errors import BundleError
from policies.model import Basis, Decision, Exporter, Field, PolicyInput, Recipient

Decide = Callable[[PolicyInput], Decision]


@dataclass(frozen=True, slots=True)
class Row:
    """One category, or one entity of it."""

    category: str
    entity: str
    en: str
    zh: str
    level: str
    treatment: str
    hold: bool
    necessary: bool  # covered by the purpose's exemption, where it has one


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a lawyer reads about a purpose and a destination."""

    purpose: Mapping[str, Any]
    destination: Mapping[str, Any]
    agreements: list[str]
    obligations: list[str]
    rows: list[Row]


def show(bundle: Bundle, decide: Decide, *, destination: str, purpose: str, at: str) -> Sheet:
    """Ask the policy about every category it knows. Raises `BundleError` for an unknown name."""
    law = bundle.data[ROOT]
    overlay = law.get("overlay", {})
    profile = law["profiles"].get(purpose) or overlay.get("profiles", {}).get(purpose)
    if profile is None:
        raise BundleError(f"no purpose {purpose!r}; there are {', '.join(sorted(law['profiles']))}")
    if destination not in law["jurisdictions"]:
        known = ", ".join(sorted(law["jurisdictions"]))
        raise BundleError(f"no destination {destination!r}; there are {known}")
    categories = law["categories"] | overlay.get("categories", {})
    keys = sorted({*categories, *profile["treatments"], *profile["necessary"]})
    fields = [_field(key, categories) for key in keys]
    decision = decide(_question(fields, profile, destination, purpose, at))
    treated = {entry.pointer: entry for entry in decision.treatments}
    return Sheet(
        purpose={name: profile[name] for name in ("en", "zh", "grounds", "exemptions")},
        destination=law["jurisdictions"][destination],
        agreements=[
            name
            for name in law["strictness"]["agreements"]
            if law["agreements"][name]["parties"].get(destination, {"from": "~"})["from"] <= at
        ],
        obligations=decision.obligations,
        rows=[
            Row(
                category=field.category,
                entity=field.entity,
                en=categories[field.category].get("en", field.category),
                zh=categories[field.category].get("zh", ""),
                level=field.level.value,
                treatment=treated[field.pointer].treatment,
                hold=treated[field.pointer].hold,
                necessary=bool({field.pointer[1:], field.category} & set(profile["necessary"])),
            )
            for field in fields
        ],
    )


def _field(key: str, categories: Mapping[str, Any]) -> Field:
    category, _, entity = key.partition("/")
    return Field(
        pointer=f"/{key}",
        category=category,
        level=Level(categories[category]["level"]),
        verdict=Verdict.CONFIRMED,
        declared=True,
        entity=entity,
    )


def _question(
    fields: list[Field], profile: Mapping[str, Any], destination: str, purpose: str, at: str
) -> PolicyInput:
    return PolicyInput(
        at=at,
        exporter=Exporter(id="", ciio=False, zone="", sector="", pilots=[]),
        route="",
        origin="CN",
        collected_in="CN",
        destination=destination,
        recipient=Recipient(name=""),
        purpose=purpose,
        basis=Basis(ground=(profile["grounds"] or [""])[0]),
        fields=sorted(fields),
    )
