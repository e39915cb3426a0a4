"""What must hold of every decision, whatever is asked."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from policies.bundle import load
from policies.embedded import EmbeddedEngine
from policies.model import Outcome, PolicyInput, decode_decision, encode
from tests.policies.folders import overlay
from tests.policies.strategies import LAW, questions

SHIPPED = load()
ENGINE = EmbeddedEngine(SHIPPED, deadline_seconds=60)
ORDER = LAW["strictness"]["order"]
CALM = settings(max_examples=60, derandomize=True)


@CALM
@given(questions)
def test_every_question_has_one_complete_decision(asked: PolicyInput) -> None:
    """No input of the right shape is left without an answer, and the answer reads back."""
    decision = ENGINE.decide_sync(asked)
    assert decode_decision(encode(decision)) == decision
    assert decision.obligations == sorted(set(decision.obligations))
    assert decision.needs == sorted(set(decision.needs))
    codes = [reason.code for reason in decision.reasons]
    assert codes == sorted(set(codes))
    assert "input.invalid" not in codes


@CALM
@given(questions)
def test_every_finding_is_answered_and_refuted_ones_are_not(asked: PolicyInput) -> None:
    """Nothing found is passed over in silence."""
    answered = {(t.pointer, t.category) for t in ENGINE.decide_sync(asked).treatments}
    found = {(f.pointer, f.category) for f in asked.fields if f.verdict.value != "refuted"}
    assert answered == found


@CALM
@given(questions)
def test_nothing_leaves_on_what_is_not_known(asked: PolicyInput) -> None:
    """Unknown places, purposes, categories, candidates: never allowed."""
    if ENGINE.decide_sync(asked).outcome is not Outcome.ALLOW:
        return
    found = [f for f in asked.fields if f.verdict.value != "refuted"]
    assert asked.destination in LAW["jurisdictions"]
    assert asked.purpose in LAW["profiles"]
    assert asked.origin == "CN"
    assert all(f.category in LAW["categories"] for f in found)
    assert not any(f.level.value in ("important_candidate", "core") for f in found)


@CALM
@given(questions)
def test_round_two_only_tightens(asked: PolicyInput) -> None:
    """With the bands known, treatments and counts are those of round one."""
    first = ENGINE.decide_sync(msgspec.structs.replace(asked, bands=None))
    second = ENGINE.decide_sync(asked)
    assert second.treatments == first.treatments
    assert second.counts == first.counts
    if first.outcome is Outcome.DENY:
        assert second.outcome is Outcome.DENY
    if first.outcome is Outcome.ALLOW:
        assert second == first


@CALM
@given(questions)
def test_more_persons_never_help(asked: PolicyInput) -> None:
    """Raising both tallies to the top frees nothing."""
    top = msgspec.convert({"at_least": 5_000_000, "below": None}, type(_band(asked)))
    if asked.bands is None:
        return
    more = msgspec.structs.replace(asked.bands, general=top, sensitive=top)
    raised = ENGINE.decide_sync(msgspec.structs.replace(asked, bands=more))
    if ENGINE.decide_sync(asked).outcome is Outcome.DENY:
        assert raised.outcome is Outcome.DENY


def _band(asked: PolicyInput) -> object:
    from policies.model import Band

    return asked.bands.general if asked.bands else Band(0, None)


@pytest.fixture(scope="module")
def tightened(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    table = {"pi_basic": "mask", "pi_contact_phone": "suppress", "pi_account": "hash"}
    folder: Path = tmp_path_factory.mktemp("overlay")
    return EmbeddedEngine(
        load(overlay=overlay(folder, {"treatments": {"any": table}})), deadline_seconds=60
    )


@CALM
@given(questions)
def test_an_overlays_treatments_only_tighten(tightened: EmbeddedEngine, asked: PolicyInput) -> None:
    """No entry of a company's table makes any treatment laxer."""
    before = {(t.pointer, t.category): t.treatment for t in ENGINE.decide_sync(asked).treatments}
    for after in tightened.decide_sync(asked).treatments:
        shipped = before[after.pointer, after.category]
        assert ORDER.index(after.treatment) >= ORDER.index(shipped)


def oracle(asked: PolicyInput) -> str:
    """Order 16 by volume, written again from the text: what the counts of the year require."""
    assert asked.bands is not None
    general, sensitive = asked.bands.general, asked.bands.sensitive
    if general.at_least >= 1_000_000 or sensitive.at_least >= 10_000:
        return "assessment"
    if (general.below or 10**9) > 1_000_000 or (sensitive.below or 10**9) > 10_000:
        return "unknown"
    if general.at_least >= 100_000 or sensitive.at_least >= 1:
        return "contract"
    if (general.below or 10**9) > 100_000 or (sensitive.below or 10**9) > 1:
        return "unknown"
    return "none"


@CALM
@given(questions)
def test_volume_follows_the_text_of_order_16(asked: PolicyInput) -> None:
    """For what is counted and not sensitive, an independent reading of arts 5(1)④, 7 and 8."""
    decision = ENGINE.decide_sync(asked)
    codes = {reason.code for reason in decision.reasons}
    if not decision.counts.general or decision.counts.sensitive or asked.bands is None:
        return
    required = oracle(asked)
    if decision.outcome is Outcome.ALLOW:
        assert required != "unknown"
        carriers = {
            "none": {"exemption", "security_assessment"},
            "contract": {
                "standard_contract",
                "certification",
                "gba_contract",
                "security_assessment",
            },
            "assessment": {"security_assessment"},
        }
        assert decision.mechanism in carriers[required]
    if "cn.order16.art7.assessment_missing" in codes:
        assert required == "assessment"
    if "cn.order16.art8.mechanism_missing" in codes:
        assert required == "contract"
