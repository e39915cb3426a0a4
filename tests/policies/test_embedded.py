"""The embedded engine: one complete decision, or none."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policies.bundle import BundleError, load, seal
from policies.embedded import PROGRAMS, EmbeddedEngine, Program
from policies.model import Field, PolicyUnavailable, Recipient, encode
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


SHAPED = json.dumps({"expressions": [json.loads(decision().removeprefix("decision := "))]})

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


def stuck(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Engines answer once the event is set, in answer to nothing sooner."""
    free, ask = threading.Event(), Program.ask

    def waits(self: Program, entrypoint: str, asked: Any) -> str:
        free.wait(30)
        return ask(self, entrypoint, asked)

    monkeypatch.setattr(Program, "ask", waits)
    return free


async def test_an_engine_past_its_deadline_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks a stuck engine is told so in time; once it is free it answers again."""
    slow = EmbeddedEngine(SHIPPED, deadline_seconds=0.02)
    free = stuck(monkeypatch)
    try:
        with pytest.raises(PolicyUnavailable, match="deadline"):
            await slow.decide(question())
        if PROGRAMS > 1:
            with pytest.raises(PolicyUnavailable, match="deadline"):
                slow.decide_sync(question())
    finally:
        free.set()
    monkeypatch.undo()
    slow._deadline_seconds = 60
    assert slow.decide_sync(question()).reasons


async def test_many_new_questions_wait_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline is each question's own: standing behind others is no failure."""
    evaluated: list[int] = []

    def slowly(self: Program, entrypoint: str, asked: Any) -> str:
        time.sleep(0.02)
        evaluated.append(threading.get_ident())
        return SHAPED

    monkeypatch.setattr(Program, "ask", slowly)
    busy = EmbeddedEngine(SHIPPED, deadline_seconds=0.5, programs=2)
    routes = [question(route=f"r{n}", fields=[]) for n in range(80)]  # 0.8 s together
    answers = await asyncio.gather(*(busy.decide(each) for each in routes))
    assert len(answers) == len(evaluated) == 80
    assert len(set(evaluated)) <= 2


async def test_more_questions_than_may_wait_are_refused_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An engine overrun says so; what waits is answered, and then there is room again."""
    full = EmbeddedEngine(SHIPPED, deadline_seconds=60, programs=1, waiting=1)
    free = stuck(monkeypatch)
    waiting = [asyncio.create_task(full.decide(question())) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(PolicyUnavailable, match="too many"):
        await full.decide(question())
    free.set()
    assert all(await asyncio.gather(*waiting))
    assert await full.decide(question())


async def test_who_stops_waiting_gives_up_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller that went away costs no evaluation, and its place is free."""
    asked: list[Any] = []
    free, ask = threading.Event(), Program.ask

    def noted(self: Program, entrypoint: str, given: Any) -> str:
        asked.append(given["route"])
        free.wait(30)
        return ask(self, entrypoint, given)

    monkeypatch.setattr(Program, "ask", noted)
    one = EmbeddedEngine(SHIPPED, deadline_seconds=60, programs=1, waiting=1)
    first = asyncio.create_task(one.decide(question(route="first")))
    gone = asyncio.create_task(one.decide(question(route="gone")))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    later = asyncio.create_task(one.decide(question(route="later")))
    await asyncio.sleep(0)
    free.set()
    await asyncio.gather(first, later)
    assert asked == ["first", "later"]


async def test_programs_decide_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second program is compiled when two questions meet, and answers as the first does."""
    made: list[Program] = []
    compiled = Program.__init__

    def counted(self: Program, *given: Any) -> None:
        compiled(self, *given)
        made.append(self)

    monkeypatch.setattr(Program, "__init__", counted)
    pair = EmbeddedEngine(SHIPPED, deadline_seconds=60, programs=2)
    assert len(made) == 1
    one, other = await asyncio.gather(pair.decide(question()), pair.decide(question()))
    assert len(made) == 2
    assert encode(one) == encode(other) == encode(ENGINE.decide_sync(question()))


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


@settings(max_examples=30)
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


@settings(max_examples=20)
@given(name=st.text(max_size=12))
@example(name='\\"\n\t\x00\x1f\u2028\\u0041')
def test_a_text_of_the_question_equals_the_same_text_of_the_law(name: str) -> None:
    """However it is written: as a value, as a key, and beside another text that is not it."""
    asked = question(recipient=Recipient(name))
    told = {"silkgate": {"known": {name: name}, "other": f"{name}\\"}}
    rule = "known := data.silkgate.known[input.recipient.name]\n\tinput.recipient.name == known"
    body = f"{decision()} if {{\n\t{rule}\n\tinput.recipient.name != data.silkgate.other\n}}"
    assert engine(body, told).decide_sync(asked).outcome.value == "allow"
