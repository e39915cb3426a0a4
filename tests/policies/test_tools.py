"""Show, diff, simulate and explain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from classifiers.model import Opaque
from policies.annotations import rules
from policies.bundle import Bundle, BundleError, load
from policies.diff import diff
from policies.embedded import EmbeddedEngine
from policies.explain import explain
from policies.model import Basis, PolicyInput, PolicyUnavailable
from policies.show import show
from policies.simulate import Difference, Report, Shape, simulate
from tests.policies.folders import copy_of_builtin, overlay
from tests.policies.questions import question

SHIPPED = load()
ENGINE = EmbeddedEngine(SHIPPED, deadline_seconds=60)
STRICTNESS = SHIPPED.data["silkgate"]["strictness"]["order"]
ORDER = question()
MANY = msgspec.convert(
    {"general": {"at_least": 100000, "below": 1000000}, "sensitive": {"at_least": 0, "below": 1}},
    type(ORDER.bands),
)
MEMBERS = question(
    route="ke-analytics",
    destination="KE",
    purpose="analytics",
    basis={"ground": "consent", "consent": {"ref": "c", "notice": "n"}},
)


def with_overlay(root: Path, content: object, **modules: str) -> Bundle:
    return load(overlay=overlay(root, content, **modules))


def simulated(bundle: Bundle, *questions: PolicyInput) -> Report:
    shapes = [Shape(q, ENGINE.decide_sync(q), 10) for q in questions]
    engine = EmbeddedEngine(bundle, deadline_seconds=60)
    return simulate(engine.decide_sync, shapes, strictness=STRICTNESS)


def test_show_lists_every_category_as_decided() -> None:
    """Name and address go with the parcel to Singapore, the account does not."""
    sheet = show(
        SHIPPED, ENGINE.decide_sync, destination="SG", purpose="order_fulfilment", at="2026-11-22"
    )
    rows = {(row.category, row.entity): row for row in sheet.rows}
    assert {category for category, _ in rows} >= set(SHIPPED.data["silkgate"]["categories"])
    assert (rows["pi_basic", "PERSON"].treatment, rows["pi_basic", "PERSON"].necessary) == (
        "keep",
        True,
    )
    assert (rows["pi_account", ""].treatment, rows["pi_account", ""].necessary) == (
        "suppress",
        False,
    )
    assert rows["spi_health", ""].hold
    assert sheet.agreements == ["rcep"]
    assert sheet.destination["confidence"] == "B"


@pytest.mark.parametrize("names", [("ZZ", "analytics"), ("SG", "fun")])
def test_show_names_what_it_does_not_know(names: tuple[str, str]) -> None:
    """With the list of what it does."""
    with pytest.raises(BundleError, match="there are"):
        show(SHIPPED, ENGINE.decide_sync, destination=names[0], purpose=names[1], at="2026-11-22")


def test_diff_of_a_bundle_with_itself_is_empty() -> None:
    """No change, no words."""
    assert diff(SHIPPED, load()) == []


def test_diff_says_what_changed_in_words(tmp_path: Path) -> None:
    """A threshold, a treatment, a rule that is gone, one that reads differently."""
    root = copy_of_builtin(tmp_path)
    thresholds = root / "silkgate/thresholds/data.json"
    thresholds.write_text(thresholds.read_text("utf-8").replace("100000,", "50000,"), "utf-8")
    gone = root / "silkgate/rules/us/cfr28_202_bulk_data"
    for path in gone.iterdir():
        path.unlink()
    changed = root / "silkgate/exemptions/order16_art3/order16_art3.rego"
    changed.write_text(changed.read_text("utf-8") + "\n# x\n", "utf-8")
    cited = root / "silkgate/exemptions/order16_art4/order16_art4.rego"
    text = cited.read_text("utf-8").replace("citation: CAC Order 16 art 4", "citation: art 44")
    cited.write_text(text + "\n_more := 1\n", "utf-8")
    texts = [change.text for change in diff(SHIPPED, load(root))]
    gone_text = next(text for text in texts if "is gone" in text)
    assert gone_text.startswith("The rule “US bulk sensitive personal data” is gone; it gives us.")
    assert "28 CFR" in gone_text
    same = "The rule “Data without personal information” reads differently: only in comments."
    assert same in texts
    other = next(text for text in texts if "art 44" in text)
    assert "its citation was CAC Order 16 art 4 and is art 44; its conditions changed" in other
    assert "The threshold contract_general of order16 was 100000 and is 50000." in texts


def test_diff_names_each_part_of_an_overlay(tmp_path: Path) -> None:
    """Not how many parts there are: what each of them says."""
    fact = {
        "route": "sg",
        "approver": "Li Lei",
        "reason": "a trial",
        "until": "2026-12-01",
        "max_persons": 7,
    }
    content = {
        "treatments": {"order_fulfilment": {"pi_basic": "mask"}},
        "settings": {"id_number_sensitive": False},
        "shadows": {"trial": fact},
    }
    more = load(overlay=overlay(tmp_path / "a", content))
    texts = [change.text for change in diff(SHIPPED, more)]
    assert texts == [
        "The company's setting id_number_sensitive is new: no.",
        "The shadow fact trial is new: route sg, approver Li Lei, reason a trial, "
        "until 2026-12-01, max_persons 7.",
        "What the company does to pi_basic for order_fulfilment is new: mask.",
    ]
    gone = [change.text for change in diff(more, SHIPPED)]
    assert "The shadow fact trial is gone; it was route sg" in gone[1]
    assert gone[2].endswith("does to pi_basic for order_fulfilment is gone (it was mask).")
    content["shadows"] = {"trial": fact | {"max_persons": 9}}
    later = load(overlay=overlay(tmp_path / "b", content))
    assert [change.text for change in diff(more, later)] == [
        "The max_persons of trial among the company's shadows was 7 and is 9."
    ]


def test_differences_of_shapes_are_summed() -> None:
    """By what changes where: ten shapes of one route are one line with all their exports."""
    one = Difference("tightened", "r", "/a (pi_basic)", "keep", "mask", 3)
    report = Report(differences=[one, replace(one, exports=4), replace(one, route="q")])
    assert report.summed() == [replace(one, route="q"), replace(one, exports=7)]


def test_simulating_the_same_policy_changes_nothing() -> None:
    """Two shapes, twenty exports, no difference."""
    report = simulated(SHIPPED, ORDER, MEMBERS)
    assert (report.shapes, report.exports, report.differences, report.freed) == (2, 20, [], False)


def test_a_tighter_overlay_is_reported_and_frees_nothing(tmp_path: Path) -> None:
    """A stricter treatment by field, a new denial by route."""
    rule = """deny contains {
	"code": "acme.no_kenya",
	"en": "Not to Kenya.",
	"zh": "不向肯尼亚提供。",
	"citation": "Acme rule 7",
} if input.destination == "KE\""""
    content = {"treatments": {"order_fulfilment": {"pi_contact_phone": "mask"}}}
    report = simulated(with_overlay(tmp_path, content, no_kenya=rule), ORDER, MEMBERS)
    found = [(d.kind, d.route, d.pointer, d.before, d.after) for d in report.differences]
    assert found == [
        ("tightened", "sg-fulfilment", "/buyer/phone (pi_contact_phone)", "keep", "mask"),
        ("denied", "ke-analytics", "", "allow", "deny"),
    ]
    assert report.differences[1].reasons == ("acme.no_kenya",)
    assert not report.freed


def test_what_a_new_policy_frees_is_told(tmp_path: Path) -> None:
    """A waiver lets out what was denied; a profile entry opens a field."""
    denied = question(
        **{
            **msgspec.to_builtins(MEMBERS),
            "basis": {"ground": "consent", "consent": None},
        }
    )
    waiver = {"by": "DPO", "why": "held on paper", "until": "2026-12-31"}
    bundle = with_overlay(tmp_path, {"waivers": {"cn.pipl.art39.consent_missing": waiver}})
    report = simulated(bundle, denied)
    assert [d.kind for d in report.differences] == ["freed"]
    assert report.freed

    root = copy_of_builtin(tmp_path / "b")
    profile = root / "silkgate/profiles/order_fulfilment/data.json"
    text = profile.read_text("utf-8").replace('"pi_account": "suppress"', '"pi_account": "keep"')
    profile.write_text(text, "utf-8")
    report = simulated(load(root), ORDER)
    assert {d.kind for d in report.differences} >= {"loosened", "counted"}
    assert report.freed


def test_what_a_new_policy_cannot_decide_is_told() -> None:
    """One shape that fails does not end the simulation."""

    def down(_: PolicyInput) -> object:
        raise PolicyUnavailable("down")

    shape = Shape(ORDER, ENGINE.decide_sync(ORDER), 3)
    report = simulate(down, [shape, shape], strictness=STRICTNESS)  # type: ignore[arg-type]
    assert [d.kind for d in report.differences] == ["undecided", "undecided"]


def test_explain_names_rule_article_and_ways_out() -> None:
    """A denied volume leads to art 8, and to the routes that would carry it."""
    asked = msgspec.structs.replace(MEMBERS, bands=MANY)
    explanation = explain(SHIPPED, ENGINE.decide_sync, asked)
    (ground,) = explanation.grounds
    assert ground.rule == "silkgate.rules.cn.order16_art8_contract"
    assert ground.citation == "CAC Order 16 art 8"
    assert ground.facts["thresholds"]["contract_general"] == 100_000
    ways = {(way.facts["basis.mechanism"], way.mechanism) for way in explanation.ways}
    assert ways == {
        ("a standard_contract in force", "standard_contract"),
        ("a certification in force", "certification"),
        ("a security_assessment in force", "security_assessment"),
    }


def test_explain_combines_two_facts_where_one_is_not_enough() -> None:
    """Neither consent nor a contract alone; both together."""
    asked = msgspec.structs.replace(MEMBERS, bands=MANY, basis=Basis(ground="consent"))
    ways = explain(SHIPPED, ENGINE.decide_sync, asked).ways
    assert {"basis.consent", "basis.mechanism"} in [set(way.facts) for way in ways]


def test_explain_of_what_may_leave_names_its_ground_only() -> None:
    """Nothing would have to change."""
    explanation = explain(SHIPPED, ENGINE.decide_sync, ORDER)
    assert [g.rule for g in explanation.grounds] == ["silkgate.exemptions.order16_art5_1_1"]
    assert explanation.ways == []


def test_explain_shows_what_could_not_be_read() -> None:
    """Type, length and digest, which somebody may vouch for."""
    unread = [Opaque("image/png", 10, "ab" * 32)]
    explanation = explain(
        SHIPPED, ENGINE.decide_sync, msgspec.structs.replace(ORDER, opaque=unread)
    )
    (ground,) = explanation.grounds
    assert (ground.code, ground.rule) == ("opaque.unvouched", "silkgate.rules.common.opaque")
    assert ground.facts["opaque"] == msgspec.to_builtins(unread)
    assert explanation.decision.needs == ["overlay.opaque"]
    assert explanation.ways == []


def test_explain_bears_days_that_are_none() -> None:
    """They have the shape of dates; no fact makes up for them."""
    for day in ("2026-99-99", "9999-12-31", "0000-01-01"):
        asked = msgspec.structs.replace(ORDER, at=day)
        assert explain(SHIPPED, ENGINE.decide_sync, asked).ways == []


def test_there_is_no_way_for_core_data() -> None:
    """No fact a route may state lets it out."""
    field = {"pointer": "/x", "category": "core_data", "level": "core"}
    asked = question(fields=[{**field, "verdict": "confirmed", "declared": True}], bands=None)
    assert explain(SHIPPED, ENGINE.decide_sync, asked).ways == []


def test_every_reason_code_belongs_to_one_rule() -> None:
    """A code leads back to its rule."""
    codes = [code for rule in rules(SHIPPED.modules) for code in rule.codes]
    assert len(codes) == len(set(codes))


def test_every_waivable_code_exists() -> None:
    """A waiver can only lift what some rule says."""
    codes = {code for rule in rules(SHIPPED.modules) for code in rule.codes}
    assert codes >= set(SHIPPED.data["silkgate"]["waivable"]["codes"])
