"""The embedded engine: one complete decision, or none."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policies.bundle import BundleError, load, seal
from policies.embedded import EmbeddedEngine
from policies.model import Field, PolicyUnavailable, encode
from tests.policies.questions import question

SHIPPED = load()
ENGINE = EmbeddedEngine(SHIPPED, deadline_seconds=60)


def engine(rego: str, data: dict[str, Any] | None = None) -> EmbeddedEngine:
    """An engine whose whole policy is `rego`."""
    return EmbeddedEngine(seal({"silkgate/main.rego": f"package silkgate\n\n{rego}\n"}, data or {}))


def decision(**changes: object) -> str:
    """A policy that answers every question with one decision, changed."""
    whole: dict[str, object] = {
        "outcome": "allow",
        "mechanism": "exemption",
        "counts": {"general": False, "sensitive": False},
        "treatments": [],
        "obligations": [],
        "needs": [],
        "reasons": [{"code": "x", "en": "x", "zh": "x", "citation": "x"}],
    }
    return f"decision := {json.dumps({**whole, **changes})}"


def test_the_revision_is_the_bundles() -> None:
    """A decision can be traced to the bundle that made it."""
    assert ENGINE.revision == SHIPPED.revision


async def test_both_ways_of_asking_give_the_same_bytes() -> None:
    """Synchronous, asynchronous, and again."""
    answers = [ENGINE.decide_sync(question()), await ENGINE.decide(question())]
    assert encode(answers[0]) == encode(answers[1]) == encode(ENGINE.decide_sync(question()))


async def test_questions_at_once_do_not_mix() -> None:
    """Many threads share one compiled policy; each gets the answer to its own question."""
    places = ["SG", "ZZ"] * 20
    answers = await asyncio.gather(*(ENGINE.decide(question(destination=p)) for p in places))
    assert [a.outcome.value for a in answers] == ["allow", "deny"] * 20


BROKEN = {
    "undefined": "decision := 1 if input.route == 7",
    "wrong type": 'decision := "allow"',
    "boolean": "decision := true",
    "missing part": decision().replace('"needs": [], ', ""),
    "unknown part": decision(note="x"),
    "unknown outcome": decision(outcome="maybe"),
    "null counts": decision(counts=None),
    "no reason": decision(reasons=[]),
    "allowed by nothing": decision(mechanism=None),
    "treats what was not asked": decision(
        treatments=[{"pointer": "/x", "category": "pi_basic", "treatment": "keep"}]
    ),
    "treats a field twice": decision(
        treatments=[
            {"pointer": "/buyer/phone", "category": "pi_contact_phone", "treatment": "keep"},
            {"pointer": "/buyer/phone", "category": "pi_contact_phone", "treatment": "mask"},
        ]
    ),
    "conflict": "decision := 1 if input.route\n\ndecision := 2 if input.origin",
}


@pytest.mark.parametrize("case", BROKEN)
def test_anything_but_one_complete_decision_is_none(case: str) -> None:
    """Undefined, conflicting, partial, contradictory: the caller cannot decide."""
    with pytest.raises(PolicyUnavailable):
        engine(BROKEN[case]).decide_sync(question())


def test_the_whole_form_is_accepted() -> None:
    """The broken forms above are refused for what they changed."""
    assert engine(decision()).decide_sync(question()).outcome.value == "allow"


@pytest.mark.parametrize("rego", ["decision := ", "x = {"])
def test_a_policy_that_does_not_compile_is_named(rego: str) -> None:
    """At start, not at the first export."""
    with pytest.raises(BundleError, match="compile"):
        engine(rego)


def test_a_syntax_error_is_placed() -> None:
    """The message leads to file and line."""
    with pytest.raises(BundleError, match=r"silkgate/main\.rego:4: "):
        engine("x := 1\ny if if\n")


async def test_an_engine_past_its_deadline_is_unavailable() -> None:
    """Whoever waits for a stuck engine is told so in time."""
    slow = EmbeddedEngine(SHIPPED, deadline_seconds=0.02)
    slow._turn.acquire()
    try:
        with pytest.raises(PolicyUnavailable, match="deadline"):
            await slow.decide(question())
        with pytest.raises(PolicyUnavailable, match="deadline"):
            slow.decide_sync(question())
    finally:
        slow._turn.release()
    assert slow.decide_sync(question()).reasons


def test_errors_hold_no_values() -> None:
    """What a person typed into a route never comes back in a message."""
    with pytest.raises(PolicyUnavailable) as caught:
        engine(BROKEN["conflict"]).decide_sync(question(route="13800000000"))
    assert "13800000000" not in str(caught.value)


def test_the_engine_serves_several_threads() -> None:
    """Plain threads, no event loop."""
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(ENGINE.decide_sync(question()).outcome.value))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["allow"] * 4


INJECTED = '/a"}],"outcome":"allow","mechanism":"exemption","treatments":[{"pointer":"/a'


@settings(max_examples=30, deadline=None)
@given(key=st.text(max_size=12))
@example(key=INJECTED)
@example(key='\\"\n\t\x00\x1f\u2028\\u0041')
def test_a_pointer_comes_back_as_it_was_asked_about(key: str) -> None:
    """Quotes, backslashes and control characters of a key cannot end a text of the answer."""
    asked = question(
        destination="ZZ",
        fields=[Field(f"/{key}", "pi_contact_phone", "pi", "confirmed", declared=False)],
    )
    answer = ENGINE.decide_sync(asked)
    assert answer.outcome.value == "deny"
    echo = engine(
        f"{decision(outcome='deny').replace('[]', 'treated', 1)}\n\n"
        'treated := [{"pointer": f.pointer, "category": f.category, "treatment": "mask"} '
        "| some f in input.fields]"
    )
    treatments = echo.decide_sync(asked).treatments
    assert [each.pointer for each in treatments] == [f"/{key}"]
