"""The facts on each destination: all there, each with its source, none beyond its confidence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from policies.annotations import rules
from policies.bundle import BundleError, allowances, band_edges, builtin_path, load
from policies.embedded import EmbeddedEngine
from policies.model import decode_input, encode
from tests.policies.folders import copy_of_builtin, overlay
from tests.policies.questions import question

LAW: dict[str, Any] = dict(load().data["silkgate"])
COUNTRIES = LAW["jurisdictions"]

# What the legal reference lists, by its sections, and the confidence it gives each row.
EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
REFERENCE = {
    "JP": "K", "KR": "B/K", "AU": "B", "NZ": "K", "BN": "B", "KH": "B", "ID": "B/K", "LA": "B/K",
    "MY": "B", "MM": "B/K", "PH": "K", "SG": "B", "TH": "B", "VN": "B", "HK": "B", "MO": "B",
    "ZA": "B/K", "KE": "B/K", "NG": "B", "EG": "B", "GH": "B/K", "RW": "A/B", "TZ": "B",
    "UG": "B/K", "ET": "B", "SN": "K", "MA": "K", "DZ": "B/K", "TN": "K",
    "GB": "B", "US": "A", "CA": "K", "BR": "B", "IN": "B", "AE": "B/K", "SA": "B/K", "KZ": "B/K",
    "UZ": "B", "PK": "B", "RU": "B", "RS": "K", "CL": "B/K", "BD": "B",
} | dict.fromkeys(EU, "K")  # fmt: skip
RCEP = "AU BN ID JP KH KR LA MM MY NZ PH SG TH VN".split()
CODES = {"AD", "SC", "BCR", "CE", "EC", "KN", "PA", "NT", "TIA", "ACC"}
PARTS = {
    "en": str,
    "zh": str,
    "law": str,
    "in_force": (str, type(None)),
    "regulator": str,
    "transfer": dict,
    "sensitive_additions": list,
    "localisation": (str, type(None)),
    "breach_notice": (str, type(None)),
    "inbound": list,
    "confidence": str,
    "sources": list,
    "checked": str,
}
OPTIONAL = {"duties": dict, "note": str, "silk_road": str}
DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
CONFIDENCE = re.compile(r"[ABK](/[ABK])*")


def test_every_destination_of_the_reference_has_its_file() -> None:
    """And no other: what nobody read about is unknown."""
    assert {iso: facts["confidence"] for iso, facts in COUNTRIES.items()} == REFERENCE
    for iso in REFERENCE:
        assert (builtin_path() / "silkgate/jurisdictions" / iso / "data.json").is_file()
    assert sorted(LAW["agreements"]["rcep"]["parties"]) == RCEP


@pytest.mark.parametrize("iso", REFERENCE)
def test_a_file_is_complete(iso: str) -> None:
    """Every part, of its kind; dates are dates, codes are the reference's, sources are named."""
    facts = COUNTRIES[iso]
    assert set(PARTS) <= set(facts) <= set(PARTS) | set(OPTIONAL)
    for part, kind in (PARTS | OPTIONAL).items():
        assert part not in facts or isinstance(facts[part], kind), part
    assert set(facts["transfer"]) == {"codes", "rule"}
    assert set(facts["transfer"]["codes"]) <= CODES
    assert facts["in_force"] is None or DATE.fullmatch(facts["in_force"])
    assert DATE.fullmatch(facts["checked"])
    assert CONFIDENCE.fullmatch(facts["confidence"])
    assert facts["sources"] or facts["confidence"] == "K"
    assert facts.get("silk_road", "confirmed") in ("confirmed", "unverified")
    for code, duty in facts.get("duties", {}).items():
        assert set(duty) - {"until"} == {"en", "zh", "citation", "confidence", "from"}, code
        assert all(DATE.fullmatch(duty[day]) for day in ("from", "until") if day in duty), code
        # A fact may be less sure than its row, never more.
        assert set(duty["confidence"]) <= {*facts["confidence"], "K"}, code


def test_every_negative_list_has_its_days_and_source() -> None:
    """Versions of one zone follow each other without a gap in their order or an overlap."""
    for zone, versions in LAW["negative_lists"].items():
        end = ""
        for version, facts in sorted(versions.items()):
            assert version == facts["effective_from"] > end, zone
            assert facts["sources"], zone
            assert CONFIDENCE.fullmatch(facts["confidence"]), zone
            end = facts["effective_to"] or "9999"


def test_a_duty_ends_with_its_last_day(tmp_path: Path) -> None:
    """The day of the decision picks."""
    root = copy_of_builtin(tmp_path)
    place = root / "silkgate/jurisdictions/UZ/data.json"
    text = place.read_text("utf-8")
    place.write_text(
        text.replace('"from": "2026-03-26"', '"from": "2026-03-26", "until": "2026-11-22"')
    )
    engine = EmbeddedEngine(load(root), deadline_seconds=60)
    for day, there in (
        ("2026-03-25", False),
        ("2026-03-26", True),
        ("2026-11-22", True),
        ("2026-11-23", False),
    ):
        decision = engine.decide_sync(question(destination="UZ", at=day))
        assert ("uz.law1125.storage" in decision.obligations) == there, day


def test_a_fact_of_confidence_k_never_decides_alone() -> None:
    """Every rule that can deny, review or carry rests on a text that somebody read."""
    for rule in rules(load().modules):
        if rule.codes and rule.package.startswith(("silkgate.rules", "silkgate.exemptions")):
            assert {"A", "B"} & set(rule.confidence), rule.package


def test_facts_of_a_destination_decide_nothing(tmp_path: Path) -> None:
    """Emptied of all it knows of them but the names, the policy decides alike but for duties."""
    root = copy_of_builtin(tmp_path)
    for iso in REFERENCE:
        place = root / "silkgate/jurisdictions" / iso / "data.json"
        place.write_text('{"en": "x", "zh": "x"}', "utf-8")
    bare = EmbeddedEngine(load(root), deadline_seconds=60)
    full = EmbeddedEngine(load(), deadline_seconds=60)
    for iso in ("SG", "VN", "EG", "US", "RW", "JP", "UZ"):
        for purpose in ("order_fulfilment", "analytics", "ai_customer_service"):
            asked = decode_input(encode(question(destination=iso, purpose=purpose)))
            one, other = bare.decide_sync(asked), full.decide_sync(asked)
            assert (one.outcome, one.mechanism, one.treatments, one.reasons) == (
                other.outcome, other.mechanism, other.treatments, other.reasons
            ), iso  # fmt: skip


def test_an_unknown_list_version_is_refused(tmp_path: Path) -> None:
    """And items must say all that a list's item says."""

    item = {"sector": "*", "scenario": "*", "field": "pi_basic", "threshold": 0}
    enabled = {"version": "2026-04-29", "sectors": ["shipping"], "items": [item]}
    assert load(overlay=overlay(tmp_path / "a", {"negative_lists": {"shanghai": enabled}}))
    for wrong in ({"version": "2020-01-01"}, {"items": ["pi_basic"]}, {"items": [{"field": "x"}]}):
        broken = {"negative_lists": {"shanghai": enabled | wrong}}
        with pytest.raises(BundleError, match=r"negative_lists\.shanghai"):
            load(overlay=overlay(tmp_path / "b", broken))


WHOLE: dict[str, dict[str, object]] = {
    "sandboxes": {
        "route": "sg",
        "by": "x",
        "why": "y",
        "from": "2026-11-01",
        "until": "2026-12-31",
        "below_persons": 500,
        "below_records": 5_000,
        "below_bytes": 1_000_000,
    },
    "shadows": {
        "route": "sg",
        "approver": "x",
        "reason": "y",
        "until": "2026-12-31",
        "max_persons": 100,
    },
    "pilots": {
        "exporters": ["acme-cn"],
        "destinations": ["SG"],
        "recipients": ["Partner"],
        "purposes": ["analytics"],
        "treatments": {"pi_browsing": "generalize"},
        "from": "2026-01-01",
        "until": "2026-12-31",
        "below_persons": 5_000,
    },
}


def test_what_is_bounded_has_caps_of_its_own(tmp_path: Path) -> None:
    """Each by the name that decisions give it; the year's bands know nothing of them."""
    said = {section: {"try": facts} for section, facts in WHOLE.items()}
    bundle = load(overlay=overlay(tmp_path, said))
    assert allowances(bundle) == {
        "pilot.try": {"persons": 5_000},
        "sandbox.try": {"persons": 500, "records": 5_000, "bytes": 1_000_000},
        "shadow.try": {"persons": 101},
    }
    assert band_edges(bundle) == band_edges(load())


@pytest.mark.parametrize(
    ("section", "wrong"),
    [
        *((section, {part: None}) for section, facts in WHOLE.items() for part in facts),
        *((section, {"more": 1}) for section in WHOLE),
        ("sandboxes", {"until": "soon"}),
        ("sandboxes", {"until": "2026-10-31"}),
        ("sandboxes", {"until": "2027-11-01"}),
        ("sandboxes", {"below_bytes": 0}),
        ("shadows", {"approver": " "}),
        ("shadows", {"reason": ""}),
        ("shadows", {"until": "2026-13-01"}),
        ("shadows", {"max_persons": True}),
        ("shadows", {"max_persons": -1}),
        ("pilots", {"below_persons": "many"}),
    ],
)
def test_nothing_is_opened_by_half_a_fact(
    tmp_path: Path, section: str, wrong: dict[str, object]
) -> None:
    """A part that is missing, more, or of another kind: the overlay is refused and says where."""
    facts = {part: value for part, value in (WHOLE[section] | wrong).items() if value is not None}
    with pytest.raises(BundleError, match=rf"{section}\.try"):
        load(overlay=overlay(tmp_path, {section: {"try": facts}}))


def test_a_name_is_one_a_tally_can_have(tmp_path: Path) -> None:
    """Not one that could be taken for another tally."""
    with pytest.raises(BundleError, match="so that a tally can have it"):
        load(overlay=overlay(tmp_path, {"shadows": {"a:b": WHOLE["shadows"]}}))
